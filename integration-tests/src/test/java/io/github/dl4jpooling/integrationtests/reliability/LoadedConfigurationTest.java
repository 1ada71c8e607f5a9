// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.layers.conf.CheckedConfiguration;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.QuantizedPooling;
import io.github.dl4jpooling.layers.conf.SoftPooling;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.zoo.catalogue.Examples;
import io.github.dl4jpooling.zoo.catalogue.LayerClasses;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.databind.JsonMappingException;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ArrayNode;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * Configurations of layers and vertices whose JSON was damaged, one property after the other: each is still right, or
 * cannot be loaded, for a reason that is said.
 */
class LoadedConfigurationTest {

    private static final String[] VALUES = {
        "null", "0", "-1", "2", "7", "2147483647", "-2147483648", "2147483648", "9223372036854775807", "1e400", "-1e30",
        "2.5", "\"NaN\"", "\"Infinity\"", "\"\"", "\"text\"", "true", "false", "[]", "{}", "[0]", "[-1,-1]",
        "[2,2,2,2]",
        "[2147483647,2147483647]", "[1.5,2]", "[null,null]", "[[1]]", "{\"a\":1}"
    };

    private static final ObjectMapper MAPPER = NeuralNetConfiguration.mapper();
    private static final CallLog LOG = new CallLog("loaded-configurations");

    private interface Change {
        void of(ObjectNode parent, String name) throws IOException;
    }

    @TestFactory
    Stream<DynamicTest> layersAndVertices() {
        return Stream.concat(
                LayerClasses.all().stream()
                        .map(type -> DynamicTest.dynamicTest(type.getSimpleName(), () -> check(type))),
                Stream.of(DynamicTest.dynamicTest("report", LOG::report)));
    }

    private static void check(Class<?> type) throws IOException {
        Object example = example(type);
        assertThat(example).isInstanceOf(CheckedConfiguration.class);
        String json = MAPPER.writeValueAsString(example);
        assertThat(load(type, json)).isEqualTo(example);

        List<String> faults = new ArrayList<>();
        for (String path : paths("", MAPPER.readTree(json))) {
            change(type, json, path, "left out", ObjectNode::remove, faults);
            for (String value : VALUES) {
                change(type, json, path, value, (parent, name) -> parent.set(name, MAPPER.readTree(value)), faults);
            }
        }
        assertThat(faults).isEmpty();
    }

    private static <T> T example(Class<T> type) {
        if (type == QuantizedPooling.class) {
            return type.cast(new QuantizedPooling.Builder(new MaxPooling.Builder(2, 2).build())
                    .quantization(Quantization.ofRange(DataType.UINT8, 0, 6)).build());
        }
        Optional<T> example = Examples.of(2, false).layer(type).or(() -> Examples.of(1, false).layer(type));
        if (example.isPresent()) {
            return example.get();
        }
        try {
            return type.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("there is no example of " + type, e);
        }
    }

    /** Of this project's settings, at any depth; the name of the class and DL4J's own are DL4J's matter. */
    private static List<String> paths(String prefix, JsonNode node) {
        List<String> paths = new ArrayList<>();
        node.fields().forEachRemaining(field -> {
            String path = prefix + "/" + field.getKey();
            if (!field.getKey().equals("@class")) {
                paths.add(path);
                if (field.getValue() instanceof ObjectNode) {
                    paths.addAll(paths(path, field.getValue()));
                } else if (field.getValue() instanceof ArrayNode && field.getValue().size() > 0
                        && field.getValue().get(0) instanceof ObjectNode) {
                    paths.addAll(paths(path + "/0", field.getValue().get(0)));
                }
            }
        });
        return paths;
    }

    private static void change(
            Class<?> type, String json, String path, String what, Change change, List<String> faults)
            throws IOException {
        JsonNode tree = MAPPER.readTree(json);
        int end = path.lastIndexOf('/');
        String name = path.substring(end + 1);
        change.of((ObjectNode) tree.at(path.substring(0, end)), name);
        LOG.begin(type.getSimpleName() + " " + path + " " + what);
        String outcome = "loaded";
        try {
            CheckedConfiguration loaded = (CheckedConfiguration) load(type, MAPPER.writeValueAsString(tree));
            loaded.checkSettings();
            loaded.toString();
        } catch (JsonMappingException | DL4JInvalidConfigException e) {
            outcome = "refused";
            String message = e.getMessage();
            if (message == null || message.contains("Cannot read") || message.contains("Cannot invoke")
                    || message.contains("Index ") || !message.contains(type.getSimpleName())) {
                faults.add(path + " " + what + ": " + message);
                outcome = "FAULT";
            }
        } catch (RuntimeException | StackOverflowError | OutOfMemoryError e) {
            faults.add(path + " " + what + ": " + e);
            LOG.fault(type.getSimpleName(), path + " " + what, e);
            return;
        }
        LOG.end(type.getSimpleName(), outcome);
    }

    private static Object load(Class<?> type, String json) throws IOException {
        boolean isVertex = GraphVertex.class.isAssignableFrom(type);
        return isVertex ? MAPPER.readValue(json, GraphVertex.class) : MAPPER.readValue(json, Layer.class);
    }

    /** Through DL4J's front doors the reason is still there, with the layer's name. */
    @Test
    void networksSayWhichLayer() {
        String json = network().toJson();
        assertThat(first(MultiLayerConfiguration.fromJson(json))).isEqualTo(first(network()));
        assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(json.replaceFirst(
                "\"kernelSize\" : \\[ 3, 2 \\]", "\"kernelSize\" : [ 3, 0 ]")))
                        .hasMessageContainingAll("SoftPooling", "p7", "kernel must be at least 1", "[3, 0]");
        String yaml = network().toYaml();
        assertThat(first(MultiLayerConfiguration.fromYaml(yaml))).isEqualTo(first(network()));
        assertThatThrownBy(() -> MultiLayerConfiguration.fromYaml(yaml.replace("ceilMode: false", "ceilMode: 7.5")))
                .hasMessageContaining("ceilMode");
    }

    /** A setting that this version does not know changes what the layer computes. */
    @Test
    void unknownSettings() {
        String json = network().toJson().replace("\"ceilMode\"", "\"celiMode\"");
        assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(json))
                .hasMessageContainingAll("SoftPooling", "celiMode", "false");
    }

    /** Jackson would make 2 of 2.5. */
    @Test
    void fractionsOfWholeNumbers() {
        String json = network().toJson().replace("[ 3, 2 ]", "[ 3, 2.5 ]");
        assertThatThrownBy(() -> MultiLayerConfiguration.fromJson(json))
                .hasMessageContainingAll("must be a whole number", "2.5", "kernelSize");
    }

    private static Layer first(MultiLayerConfiguration network) {
        return network.getConf(0).getLayer();
    }

    private static MultiLayerConfiguration network() {
        return new NeuralNetConfiguration.Builder().list()
                .layer(new SoftPooling.Builder(3, 2).name("p7").build())
                .layer(new OutputLayer.Builder().nIn(4).nOut(2).build())
                .build();
    }
}
