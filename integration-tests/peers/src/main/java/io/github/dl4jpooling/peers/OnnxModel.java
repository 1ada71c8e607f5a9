// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.peers;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An ONNX model of one operator, as bytes. The numbers are those of the fields in onnx.proto. */
final class OnnxModel {

    private static final int IR_VERSION = 8;
    private static final int OPERATOR_SET = 16;
    private static final int INTEGER = 2;
    private static final int TEXT = 3;
    private static final int INTEGERS = 7;
    private static final int FLOAT = 1;

    /** Element types of ONNX. */
    static final int FLOAT_ELEMENTS = 1;
    static final int INT64_ELEMENTS = 7;

    private final String operator;
    private final Map<String, Integer> inputs = new LinkedHashMap<>();
    private final List<byte[]> attributes = new ArrayList<>();

    OnnxModel(String operator) {
        this.operator = operator;
    }

    /** Writes the fields of a message. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    OnnxModel input(String name, int elementType) {
        inputs.put(name, elementType);
        return this;
    }

    OnnxModel integer(String name, long value) {
        return attribute(name, INTEGER, out -> out.writeInt64(3, value));
    }

    OnnxModel text(String name, String value) {
        return attribute(name, TEXT, out -> out.writeBytes(4, ByteString.copyFromUtf8(value)));
    }

    OnnxModel number(String name, float value) {
        return attribute(name, FLOAT, out -> out.writeFloat(2, value));
    }

    OnnxModel integers(String name, long... values) {
        return attribute(name, INTEGERS, out -> {
            for (long value : values) {
                out.writeInt64(8, value);
            }
        });
    }

    private OnnxModel attribute(String name, int type, Fields value) {
        attributes.add(message(out -> {
            out.writeString(1, name);
            value.write(out);
            out.writeInt32(20, type);
        }));
        return this;
    }

    byte[] toBytes() {
        byte[] node = message(out -> {
            for (String input : inputs.keySet()) {
                out.writeString(1, input);
            }
            out.writeString(2, "y");
            out.writeString(4, operator);
            for (byte[] attribute : attributes) {
                out.writeByteArray(5, attribute);
            }
        });
        byte[] graph = message(out -> {
            out.writeByteArray(1, node);
            out.writeString(2, operator);
            for (Map.Entry<String, Integer> input : inputs.entrySet()) {
                out.writeByteArray(11, value(input.getKey(), input.getValue()));
            }
            out.writeByteArray(12, value("y", FLOAT_ELEMENTS));
        });
        return message(out -> {
            out.writeInt64(1, IR_VERSION);
            out.writeByteArray(7, graph);
            out.writeByteArray(8, message(set -> set.writeInt64(2, OPERATOR_SET)));
        });
    }

    /** A name with an element type; its shape is left open. */
    private static byte[] value(String name, int elementType) {
        byte[] tensor = message(out -> out.writeInt32(1, elementType));
        byte[] type = message(out -> out.writeByteArray(1, tensor));
        return message(out -> {
            out.writeString(1, name);
            out.writeByteArray(2, type);
        });
    }
}
