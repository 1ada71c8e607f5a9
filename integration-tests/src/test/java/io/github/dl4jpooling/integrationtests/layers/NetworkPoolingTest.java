// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.layers.conf.AveragePooling;
import io.github.dl4jpooling.layers.conf.DeformablePooling;
import io.github.dl4jpooling.layers.conf.DpidPooling;
import io.github.dl4jpooling.layers.conf.DppPooling;
import io.github.dl4jpooling.layers.conf.LipPooling;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.LogitNetwork;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Layers that hold a small network of their own. */
class NetworkPoolingTest {

    private static final int STEPS = 20;

    /** New ones are average pooling. */
    private static final Map<String, Supplier<WindowPoolingLayer.Builder<?>>> AVERAGING = new LinkedHashMap<>();

    private static final Map<String, Supplier<WindowPoolingLayer.Builder<?>>> OTHERS = Map.of(
            "full DPP", () -> new DppPooling.Builder(2, 2).full(true),
            "DPID", () -> new DpidPooling.Builder(3, 3).lambda(1.5));

    static {
        AVERAGING.put("deformable", () -> new DeformablePooling.Builder(3, 3).groups(2));
        AVERAGING.put("deformable modulated", () -> new DeformablePooling.Builder(3, 3).modulated(true));
        for (LogitNetwork network : LogitNetwork.values()) {
            AVERAGING.put("LIP " + network, () -> new LipPooling.Builder(3, 3).logitNetwork(network).bottleneck(3));
        }
    }

    private interface Check {
        void run(Networks networks, WindowPoolingLayer.Builder<?> builder);
    }

    private static Stream<DynamicTest> everyLayer(DataType[] types, Check check) {
        return Stream.of(AVERAGING, OTHERS).flatMap(layers -> everyLayer(layers, types, check));
    }

    private static Stream<DynamicTest> everyLayer(
            Map<String, Supplier<WindowPoolingLayer.Builder<?>>> layers, DataType[] types, Check check) {
        List<DynamicTest> tests = new ArrayList<>();
        layers.forEach((name, layer) -> {
            for (DataType type : types) {
                for (boolean channelsLast : new boolean[] {false, true}) {
                    String text = name + " " + type + (channelsLast ? " channels last" : "");
                    tests.add(DynamicTest.dynamicTest(text, () -> {
                        Networks networks = new Networks(PoolingOperator.AVERAGE_POOL, 2, channelsLast).type(type);
                        check.run(networks, layer.get());
                    }));
                }
            }
        });
        return tests.stream();
    }

    private static final DataType[] TYPES = {DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16};

    private static final List<Consumer<WindowPoolingLayer.Builder<?>>> BORDERS = List.of(
            builder -> builder.stride(2, 1),
            builder -> builder.stride(2, 2).padding(1, 1),
            builder -> builder.stride(1, 2).padding(0, 1).dilation(2, 1),
            builder -> builder.stride(2, 2).ceilMode(true),
            builder -> builder.stride(2, 3).convolutionMode(ConvolutionMode.Same));

    @TestFactory
    Stream<DynamicTest> newLayerIsAveragePooling() {
        return everyLayer(AVERAGING, TYPES, (networks, builder) -> {
            for (Consumer<WindowPoolingLayer.Builder<?>> border : BORDERS) {
                border.accept(builder.padding(0, 0).dilation(1, 1).ceilMode(false));
                WindowPoolingLayer.Builder<?> average = new AveragePooling.Builder(3, 3);
                border.accept(average);
                INDArray input = networks.input();
                List<INDArray> activations = networks.network(builder.build()).feedForward(input);
                List<INDArray> expected = networks.network(average.build()).feedForward(input);
                Comparison.assertSameBits("first layer", activations.get(1), expected.get(1));
                // Weights are not exactly 1/N, sums have another order, and both results are rounded.
                DoubleUnaryOperator error = Comparison.roundingErrors(input.dataType(), 0, 1);
                Comparison.assertClose(builder.build() + "", PlainArray.of(activations.get(2), false),
                        PlainArray.of(expected.get(2), false), value -> 2 * error.applyAsDouble(value));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        return everyLayer(new DataType[] {DataType.DOUBLE}, (networks, builder) -> Doubles.byDefault(() -> {
            builder.stride(2, 2).convolutionMode(ConvolutionMode.Same);
            networks.updater(new NoOp());
            INDArray input = networks.input();
            MultiLayerNetwork network = networks.network(builder.build());
            Nd4j.getRandom().setSeed(3);
            INDArray parameters = Nd4j.randn(DataType.DOUBLE, network.params().shape()).mul(0.3);
            network.setParams(parameters);
            INDArray labels = networks.labels(network.output(input));
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                    .net(network)
                    .input(input)
                    .labels(labels)
                    .epsilon(1e-6)
                    .maxRelError(1e-5)
                    .minAbsoluteError(1e-8)
                    .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)
                    .subset(true)
                    .maxPerParam(40)))
                            .isTrue();
        }));
    }

    @TestFactory
    Stream<DynamicTest> networksLearn() {
        return everyLayer(TYPES, (networks, builder) -> {
            WindowPoolingLayer layer = builder.build();
            MultiLayerNetwork with = networks.workspaces(WorkspaceMode.ENABLED).network(layer.clone());
            MultiLayerNetwork without = networks.workspaces(WorkspaceMode.NONE).network(layer.clone());
            ComputationGraph graph = networks.workspaces(WorkspaceMode.ENABLED).graphNetwork(layer.clone());
            graph.setParams(with.params());
            INDArray input = networks.input();
            DataSet data = new DataSet(input, networks.labels(with.output(input)));
            INDArray before = with.params().dup();
            double score = with.score(data);
            for (int step = 0; step < STEPS; step++) {
                with.fit(data);
                without.fit(data);
                graph.fit(data);
            }
            assertThat(with.score(data)).isLessThan(0.95 * score);
            assertThat(with.params().distance2(before)).isGreaterThan(1e-4);
            Comparison.assertSameBits("parameters without workspaces", without.params(), with.params());
            Comparison.assertSameBits("parameters in a graph", graph.params(), with.params());
        });
    }

    @TestFactory
    Stream<DynamicTest> savedNetworks() {
        return everyLayer(new DataType[] {DataType.FLOAT}, (networks, builder) -> {
            MultiLayerNetwork network = networks.network(builder.build());
            INDArray input = networks.input();
            network.fit(new DataSet(input, networks.labels(network.output(input))));
            String json = network.getLayerWiseConfigurations().toJson();
            assertThat(MultiLayerConfiguration.fromJson(json)).isEqualTo(network.getLayerWiseConfigurations());
            Comparison.assertSameBits("output", saved(network).output(input), network.output(input));
            Comparison.assertSameBits("output", network.clone().output(input), network.output(input));
        });
    }

    private static MultiLayerNetwork saved(MultiLayerNetwork network) {
        try {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            ModelSerializer.writeModel(network, file, true);
            return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
