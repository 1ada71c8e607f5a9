// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** One network with every layer for images, each in a branch of its own: it learns, and survives being saved. */
class EveryLayerTest {

    private static final int STEPS = 10; // so many that both sides of a coin come up

    @TestFactory
    Stream<DynamicTest> networkOfAllLayers() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16).flatMap(type -> Stream.of(
                CNN2DFormat.NCHW, CNN2DFormat.NHWC).map(
                        format -> DynamicTest.dynamicTest(
                                type + " " + format, () -> check(type, format))));
    }

    static void check(DataType type, CNN2DFormat format) throws IOException {
        ComputationGraph network = EveryLayerNetwork.network(type, format);
        DataSet data = EveryLayerNetwork.data(type, format);
        double before = network.score(data);
        Map<String, INDArray> parameters = poolingParameters(network);
        for (int step = 0; step < STEPS; step++) {
            network.fit(data);
        }
        assertThat(network.score(data)).isLessThan(0.9 * before);
        Map<String, INDArray> trained = poolingParameters(network);
        parameters.forEach((name, values) -> assertThat(trained.get(name).squaredDistance(values))
                .as("change of %s", name).isPositive());

        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        ComputationGraph restored =
                ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes.toByteArray()), true);
        INDArray output = network.outputSingle(data.getFeatures());
        assertThat(output.isNaN().any()).isFalse();
        Comparison.assertSameBits("output", restored.outputSingle(data.getFeatures()), output);
    }

    /** Copies of the parameters of pooling layers; in half none, since small changes vanish there. */
    private static Map<String, INDArray> poolingParameters(ComputationGraph network) {
        Map<String, INDArray> parameters = new LinkedHashMap<>();
        for (Layer layer : network.getLayers()) {
            if (layer.conf().getLayer() instanceof PoolingLayer && network.params().dataType() != DataType.FLOAT16) {
                layer.paramTable().forEach((name, values) -> parameters
                        .put(layer.conf().getLayer().getLayerName() + " " + name,
                                values.castTo(DataType.DOUBLE).dup()));
            }
        }
        return parameters;
    }
}
