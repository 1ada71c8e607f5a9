// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.ForEachLayer;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Configurations and networks survive being written, read and copied. */
@ForEachLayer
class SerializationTest {

    private final PoolingOperator operator;

    SerializationTest(PoolingOperator operator) {
        this.operator = operator;
    }

    /** Every setting differs from its default, or the other layers do it for those that exclude each other. */
    private Stream<WindowPoolingLayer> layers() {
        WindowPoolingLayer.Builder<?> sequences = Conventions.layer(operator, 5);
        sequences.stride(3).padding(2).dilation(2).ceilMode(true).name("sequences");
        sequences.dataFormat(RNNFormat.NWC);
        WindowPoolingLayer.Builder<?> images = Conventions.layer(operator, 5, 4);
        images.stride(3, 1).dilation(2, 3).convolutionMode(ConvolutionMode.Same).name("images");
        images.dataFormat(CNN2DFormat.NHWC);
        WindowPoolingLayer.Builder<?> volumes = Conventions.layer(operator, 5, 4, 3);
        volumes.stride(3, 1, 4).padding(1, 2, 0).convolutionMode(ConvolutionMode.Strict).dropOut(0.7);
        volumes.dataFormat(Convolution3D.DataFormat.NDHWC);
        return Stream.of(sequences.build(), images.build(), volumes.build());
    }

    @TestFactory
    Stream<DynamicTest> layersAsText() {
        return layers().map(layer -> DynamicTest.dynamicTest(layer.toString(), () -> {
            NeuralNetConfiguration conf =
                    new NeuralNetConfiguration.Builder().layer(layer).build();
            assertSameLayer(NeuralNetConfiguration.fromJson(conf.toJson()).getLayer(), layer);
            assertSameLayer(NeuralNetConfiguration.fromYaml(conf.toYaml()).getLayer(), layer);
        }));
    }

    private static void assertSameLayer(Object read, WindowPoolingLayer layer) {
        assertThat(read).isEqualTo(layer).hasToString(layer.toString()).hasSameHashCodeAs(layer);
        // Getters one by one, in case equals misses one.
        assertThat(read).usingRecursiveComparison().isEqualTo(layer);
        assertThat(((WindowPoolingLayer) read).window()).isEqualTo(layer.window());
    }

    @TestFactory
    Stream<DynamicTest> equalsSeesEverySetting() {
        WindowPoolingLayer plain = Conventions.layer(operator, 3, 3).build();
        return Stream.of(
                Conventions.layer(operator, 3, 2),
                Conventions.layer(operator, 3, 3).stride(2, 1),
                Conventions.layer(operator, 3, 3).padding(0, 1),
                Conventions.layer(operator, 3, 3).dilation(1, 2),
                Conventions.layer(operator, 3, 3).ceilMode(true),
                Conventions.layer(operator, 3, 3).convolutionMode(ConvolutionMode.Same),
                Conventions.layer(operator, 3, 3)
                        .dataFormat(CNN2DFormat.NHWC))
                .map(builder -> (WindowPoolingLayer) builder.build())
                .map(other -> DynamicTest.dynamicTest(other.toString(), () -> {
                    assertThat(other).isNotEqualTo(plain);
                    assertThat(other.toString()).isNotEqualTo(plain.toString());
                }));
    }

    @Test
    void equalsSeesTheName() {
        WindowPoolingLayer.Builder<?> named = Conventions.layer(operator, 3, 3);
        named.name("name");
        WindowPoolingLayer layer = named.build();
        assertThat(layer).isNotEqualTo(Conventions.layer(operator, 3, 3).build());
    }

    @TestFactory
    Stream<DynamicTest> clones() {
        return layers().map(layer -> DynamicTest.dynamicTest(layer.toString(), () -> {
            WindowPoolingLayer clone = layer.clone();
            assertThat(clone).isEqualTo(layer).isNotSameAs(layer);
            clone.getKernelSize()[0] = 77;
            clone.getStride()[0] = 77;
            clone.getPadding()[0] = 77;
            clone.getDilation()[0] = 77;
            assertThat(layer.toString()).doesNotContain("77");
        }));
    }

    /** Builders copy what they are given, and may be used again. */
    @Test
    void buildersKeepNothing() {
        int[] stride = {2, 2};
        WindowPoolingLayer.Builder<?> builder = Conventions.layer(operator, 2, 2).stride(stride);
        WindowPoolingLayer first = builder.build();
        stride[0] = 7;
        assertThat(first.getStride()).containsExactly(2, 2);
    }

    @TestFactory
    Stream<DynamicTest> networkConfigurations() {
        return everyNetwork(networks -> {
            MultiLayerConfiguration sequential = networks.sequential(networks.pooling().build());
            assertThat(MultiLayerConfiguration.fromJson(sequential.toJson())).isEqualTo(sequential);
            assertThat(MultiLayerConfiguration.fromYaml(sequential.toYaml())).isEqualTo(sequential);
            ComputationGraphConfiguration graph = networks.graph(networks.pooling().build());
            assertThat(ComputationGraphConfiguration.fromJson(graph.toJson())).isEqualTo(graph);
            assertThat(ComputationGraphConfiguration.fromYaml(graph.toYaml())).isEqualTo(graph);
        });
    }

    @TestFactory
    Stream<DynamicTest> savedNetworksGoOnTraining() {
        return everyNetwork(networks -> {
            networks.updater(new Adam(0.01));
            MultiLayerNetwork network = networks.network(networks.pooling().build());
            DataSet data = data(networks, network);
            network.fit(data);
            MultiLayerNetwork restored =
                    ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(write(network)), true);
            assertSameBehaviour(network, restored, data);
            assertSameBehaviour(network, network.clone(), data);
        });
    }

    @TestFactory
    Stream<DynamicTest> savedGraphsGoOnTraining() {
        return everyNetwork(networks -> {
            networks.updater(new Adam(0.01));
            ComputationGraph network = networks.graphNetwork(networks.pooling().build());
            INDArray input = networks.input();
            DataSet data = new DataSet(input, networks.labels(network.outputSingle(input)));
            network.fit(data);
            ComputationGraph restored =
                    ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(write(network)), true);
            ComputationGraph clone = network.clone();
            for (ComputationGraph copy : new ComputationGraph[] {restored, clone}) {
                assertThat(copy.getLayer(Networks.POOLING).conf().getLayer())
                        .isEqualTo(network.getLayer(Networks.POOLING).conf().getLayer());
                Comparison.assertSameBits("output", copy.outputSingle(input), network.outputSingle(input));
            }
            Nd4j.getRandom().setSeed(1);
            network.fit(data);
            Nd4j.getRandom().setSeed(1);
            restored.fit(data);
            Comparison.assertSameBits("parameters", restored.params(), network.params());
        });
    }

    private interface Check {
        void run(Networks networks) throws IOException;
    }

    private Stream<DynamicTest> everyNetwork(Check check) {
        return Networks.dimensions(operator).flatMap(dimensions -> Stream.of(false, true)
                .map(channelsLast -> DynamicTest.dynamicTest(
                        dimensions + "-D" + (channelsLast ? " channels last" : ""),
                        () -> check.run(new Networks(operator, dimensions, channelsLast)))));
    }

    private static void assertSameBehaviour(MultiLayerNetwork network, MultiLayerNetwork copy, DataSet data) {
        MultiLayerNetwork original = network.clone();
        assertThat(copy.getLayerWiseConfigurations()).isEqualTo(original.getLayerWiseConfigurations());
        for (int step = 0; step < 2; step++) {
            Comparison.assertSameBits(
                    "output", copy.output(data.getFeatures()), original.output(data.getFeatures()));
            Nd4j.getRandom().setSeed(step + 1);
            copy.fit(data);
            Nd4j.getRandom().setSeed(step + 1);
            original.fit(data);
        }
        Comparison.assertSameBits("parameters", copy.params(), original.params());
    }

    private static byte[] write(org.deeplearning4j.nn.api.Model network) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        return bytes.toByteArray();
    }

    private static DataSet data(Networks networks, MultiLayerNetwork network) {
        INDArray input = networks.input();
        return new DataSet(input, networks.labels(network.output(input)));
    }
}
