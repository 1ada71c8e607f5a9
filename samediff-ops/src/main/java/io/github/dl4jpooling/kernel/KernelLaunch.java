// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A call of a kernel, the same for every device. */
final class KernelLaunch {

    /** In the order of native_api.h. */
    static final List<DataType> TYPES =
            Arrays.asList(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16, DataType.INT8,
                    DataType.UINT8);

    private final String name;
    private final long[] parameters;
    private final int inputs;
    private final boolean keepsOutputs;
    private final INDArray[] arrays;

    KernelLaunch(String name, long[] parameters, int outputs, boolean keepsOutputs, INDArray... arrays) {
        this.name = name;
        this.parameters = parameters;
        this.inputs = arrays.length - outputs;
        this.keepsOutputs = keepsOutputs;
        this.arrays = arrays;
    }

    String name() {
        return name;
    }

    /** The parameter struct, field by field. Not a copy. */
    long[] parameters() {
        return parameters;
    }

    /** All arrays, null where one is left out. Not a copy. */
    INDArray[] arrays() {
        return arrays;
    }

    boolean isOutput(int array) {
        return array >= inputs;
    }

    /** Whether the kernel writes parts of its outputs only, and the others must stay as they are. */
    boolean keepsOutputs() {
        return keepsOutputs;
    }

    /** Number of the type that the kernel computes. */
    int typeCode() {
        int code = TYPES.indexOf(arrays[0].dataType());
        if (code < 0) {
            throw new IllegalArgumentException(
                    "Kernels take arrays of type " + TYPES + ", got " + arrays[0].dataType());
        }
        return code;
    }

    /** Says that the kernel is made for other arguments, which is a fault of this library. */
    void requireSizes(int parameterWords, int arrayCount) {
        if (parameters.length != parameterWords || arrays.length != arrayCount) {
            throw new IllegalArgumentException("Kernel " + name + " takes " + parameterWords
                    + " parameter words and " + arrayCount + " arrays, got " + parameters.length + " and "
                    + arrays.length);
        }
    }

    /** Bytes from the first to behind the last element of an array. */
    static long extent(INDArray array) {
        long last = 0;
        long[] shape = array.shape();
        long[] strides = array.stride();
        for (int axis = 0; axis < shape.length; axis++) {
            last += (shape[axis] - 1) * strides[axis];
        }
        return (last + 1) * array.dataType().width();
    }

    /** For messages. */
    @Override
    public String toString() {
        return "Kernel " + name + " on " + Arrays.stream(arrays)
                .map(array -> array == null ? "none" : array.dataType() + Arrays.toString(array.shape()))
                .collect(Collectors.joining(", "));
    }
}
