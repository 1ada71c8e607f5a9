// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.golden;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** A folder with a {@code case.json} and the arrays it names. */
final class GoldenCase {

    static final String FILE = "case.json";

    private static final List<String> LAYOUTS = Arrays.asList("NCW", "NCHW", "NCDHW");

    private final Path folder;
    private final JsonNode json;

    /**
     * Reads a case.
     *
     * @param file a case.json
     */
    GoldenCase(Path file) {
        folder = file.getParent();
        try {
            json = new ObjectMapper().readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        }
    }

    /** Name of the operator, for instance softpool2d; the local aggregations, which share one, go by their type. */
    String operator() {
        return isLocalAggregation()
                ? json.path("attributes").path("type").asText() + "_pool2d"
                : json.path("op").asText();
    }

    private boolean isLocalAggregation() {
        return json.path("op").asText().equals("local_agg_pool2d");
    }

    /** Operator and case, for instance softpool2d/one_minus_inf. */
    String name() {
        return operator() + "/" + json.path("id").asText();
    }

    /** The window that the attributes describe. Fails on an attribute that has nothing to do with a window. */
    PoolingWindow window(boolean channelsLast) {
        String layout = json.path("layout").asText();
        JsonNode attributes = json.path("attributes");
        PoolingWindow.Builder window = PoolingWindow.builder(sizes(attributes.path("kernel")));
        for (Iterator<String> names = attributes.fieldNames(); names.hasNext();) {
            String name = names.next();
            JsonNode value = attributes.path(name);
            switch (name) {
                case "kernel":
                    break;
                case "stride":
                    window.stride(sizes(value));
                    break;
                case "padding":
                    window.padding(sizes(value));
                    break;
                case "dilation":
                    window.dilation(sizes(value));
                    break;
                case "ceilMode":
                    if (value.asBoolean()) {
                        window.borderMode(BorderMode.CEIL);
                    }
                    break;
                case "convolutionMode":
                    window.borderMode(BorderMode.valueOf(value.asText().toUpperCase()));
                    break;
                default:
                    if (isLocalAggregation() && name.equals("type")) {
                        break; // it is in the operator's name
                    }
                    throw new IllegalArgumentException("attribute " + name + " = " + value + " is not known");
            }
        }
        PoolingWindow result = window.channelsLast(channelsLast).build();
        if (!layout.equals(LAYOUTS.get(result.dimensions() - 1))) {
            throw new IllegalArgumentException("layout must be " + LAYOUTS.get(result.dimensions() - 1) + " for a "
                    + result.dimensions() + "-D window, got " + layout);
        }
        return result;
    }

    private static int[] sizes(JsonNode numbers) {
        int[] result = new int[numbers.size()];
        Arrays.setAll(result, i -> numbers.get(i).asInt());
        return result;
    }

    /** An input, an output or an upstream gradient. */
    PlainArray array(String name) {
        for (String group : new String[] {"inputs", "outputs", "upstream_gradients"}) {
            for (JsonNode entry : json.path(group)) {
                if (entry.path("name").asText().equals(name)) {
                    return read(entry);
                }
            }
        }
        throw new IllegalArgumentException("there is no array " + name);
    }

    /** The exact gradient of an input. */
    PlainArray exactGradient(String of) {
        for (JsonNode entry : json.path("gradients")) {
            if (entry.path("of").asText().equals(of) && entry.path("kind").asText().equals("exact")) {
                return read(entry);
            }
        }
        throw new IllegalArgumentException("there is no exact gradient of " + of);
    }

    private PlainArray read(JsonNode entry) {
        Path file = folder.resolve(entry.path("file").asText());
        return PlainArray.of(Nd4j.createFromNpyFile(file.toFile()), false);
    }

    /** Relative ("rtol") or absolute ("atol") tolerance for an implementation in float64 or float32. */
    double tolerance(String type, String kind) {
        JsonNode value = json.path("tolerance").path(type).path(kind);
        if (!value.isNumber()) {
            throw new IllegalArgumentException("there is no tolerance." + type + "." + kind);
        }
        return value.asDouble();
    }
}
