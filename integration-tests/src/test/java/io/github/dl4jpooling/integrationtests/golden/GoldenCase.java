// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.golden;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** A folder with a {@code case.json} and the arrays it names. */
public final class GoldenCase {

    static final String FILE = "case.json";

    private static final List<String> LAYOUTS = Arrays.asList("NCW", "NCHW", "NCDHW");

    private final Path folder;
    private final JsonNode json;
    private final Set<String> asked = new HashSet<>();

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

    /** Name of the operator, for instance softpool2d. */
    public String operator() {
        return json.path("op").asText();
    }

    /** Operator and case, for instance softpool2d/one_minus_inf. */
    public String name() {
        return operator() + "/" + json.path("id").asText();
    }

    /** The type of the operator, for instance min, or an empty text. */
    public String type() {
        return json.path("attributes").path("type").asText();
    }

    /** Whether there is an attribute of this name. */
    public boolean has(String attribute) {
        return json.path("attributes").has(attribute);
    }

    /** An attribute. Those that nobody asks for make the case fail. */
    public JsonNode attribute(String name) {
        asked.add(name);
        return json.path("attributes").path(name);
    }

    /** A constant of an enum, for instance CHANNEL_REGION of channelRegion. */
    public <E extends Enum<E>> E constant(String attribute, Class<E> type) {
        String words = attribute(attribute).asText().replaceAll("([a-z])([A-Z])", "$1_$2");
        return Enum.valueOf(type, words.toUpperCase(Locale.ROOT));
    }

    /** An attribute that holds whole numbers. */
    public int[] ints(String attribute) {
        return sizes(attribute(attribute));
    }

    /** Fails if an attribute was not asked for. */
    void assertAllAsked() {
        for (Iterator<String> names = json.path("attributes").fieldNames(); names.hasNext();) {
            String name = names.next();
            if (!asked.contains(name)) {
                throw new IllegalArgumentException(
                        "attribute " + name + " = " + json.path("attributes").path(name) + " is not known");
            }
        }
    }

    /** The window that the attributes describe; without a kernel the whole map. */
    public PoolingWindow window(boolean channelsLast) {
        PoolingWindow.Builder window = PoolingWindow.builder(has("kernel") ? ints("kernel") : map());
        if (has("stride")) {
            window.stride(ints("stride"));
        }
        if (has("padding")) {
            window.padding(ints("padding"));
        }
        if (has("dilation")) {
            window.dilation(ints("dilation"));
        }
        if (attribute("ceilMode").asBoolean()) {
            window.borderMode(BorderMode.CEIL);
        }
        if (has("convolutionMode")) {
            window.borderMode(constant("convolutionMode", BorderMode.class));
        }
        PoolingWindow result = window.channelsLast(channelsLast).build();
        String layout = json.path("layout").asText();
        if (!layout.replaceFirst("^T", "").equals(LAYOUTS.get(result.dimensions() - 1))) { // T: a first axis of time
            throw new IllegalArgumentException("layout must be " + LAYOUTS.get(result.dimensions() - 1) + " for a "
                    + result.dimensions() + "-D window, got " + layout);
        }
        return result;
    }

    private int[] map() {
        int[] shape = array("x").shape();
        return Arrays.copyOfRange(shape, 2, shape.length);
    }

    private static int[] sizes(JsonNode numbers) {
        int[] result = new int[numbers.size()];
        Arrays.setAll(result, i -> numbers.get(i).asInt());
        return result;
    }

    /** An input, an output or an upstream gradient. */
    public PlainArray array(String name) {
        return find(name).map(this::read)
                .orElseThrow(() -> new IllegalArgumentException("there is no array " + name));
    }

    /** Whether there is such an array. */
    public boolean hasArray(String name) {
        return find(name).isPresent();
    }

    /** Whether there are gradients of the outputs. */
    boolean hasGradients() {
        return json.path("upstream_gradients").size() > 0;
    }

    private Optional<JsonNode> find(String name) {
        for (String group : new String[] {"inputs", "outputs", "upstream_gradients"}) {
            for (JsonNode entry : json.path(group)) {
                if (entry.path("name").asText().equals(name)) {
                    return Optional.of(entry);
                }
            }
        }
        return Optional.empty();
    }

    /** The exact gradient of an input, if there is one. */
    Optional<PlainArray> exactGradient(String of) {
        for (JsonNode entry : json.path("gradients")) {
            if (entry.path("of").asText().equals(of) && entry.path("kind").asText().equals("exact")) {
                return Optional.of(read(entry));
            }
        }
        return Optional.empty();
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
