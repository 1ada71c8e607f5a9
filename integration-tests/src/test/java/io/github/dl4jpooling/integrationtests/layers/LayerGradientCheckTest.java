// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.ForEachLayer;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * DL4J's numeric check of the gradients of a network's parameters; those of the first layer come through the pooling.
 */
@ForEachLayer
class LayerGradientCheckTest {

    private static final int SEED = 5;
    private static final double STEP = 1e-6;
    private static final double RELATIVE = 1e-5;
    private static final double ABSOLUTE = 1e-9;

    private final PoolingOperator operator;

    LayerGradientCheckTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> networks() {
        return Networks.dimensions(operator).flatMap(dimensions -> Stream.of(false, true)
                .map(channelsLast -> DynamicTest.dynamicTest(
                        dimensions + "-D" + (channelsLast ? " channels last" : ""),
                        () -> Doubles.byDefault(() -> check(dimensions, channelsLast)))));
    }

    private void check(int dimensions, boolean channelsLast) {
        Networks networks = new Networks(operator, dimensions, channelsLast)
                .type(DataType.DOUBLE)
                .updater(new NoOp());
        INDArray input = networks.input();
        MultiLayerNetwork network = networks.network(pooling(networks));
        INDArray labels = networks.labels(network.output(input));
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                .net(network)
                .input(input)
                .labels(labels)
                .epsilon(STEP)
                .maxRelError(RELATIVE)
                .minAbsoluteError(ABSOLUTE)
                .callEachIter(net -> Nd4j.getRandom().setSeed(SEED)) // the same draws each time
                .subset(true)
                .maxPerParam(15)
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)))
                        .isTrue();

        ComputationGraph graph = networks.graphNetwork(pooling(networks));
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                .net(graph)
                .inputs(new INDArray[] {input})
                .labels(new INDArray[] {labels})
                .epsilon(STEP)
                .maxRelError(RELATIVE)
                .minAbsoluteError(ABSOLUTE)
                .callEachIter(net -> Nd4j.getRandom().setSeed(SEED))
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)
                .subset(true)
                .maxPerParam(5)))
                        .isTrue();
    }

    /** Overlapping windows, padding on uneven sides. */
    private static Layer pooling(Networks networks) {
        WindowPoolingLayer.Builder<?> builder = networks.pooling();
        builder.kernelSize(networks.repeated(3));
        builder.convolutionMode(ConvolutionMode.Same);
        return builder.build();
    }
}
