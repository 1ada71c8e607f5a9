// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.oracle.StepMasks;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.DynamicTest;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** A small network that pools masked sequences. */
final class MaskedLayerCase {

    static final int STEPS = 9;

    private static final long SEED = 5;
    private static final LayerWorkspaceMgr WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    private final Networks networks;
    private final INDArray mask;

    private MaskedLayerCase(Networks networks, INDArray mask) {
        this.networks = networks;
        this.mask = mask;
    }

    /** Every kind of mask, in both orders of axes. */
    static Stream<DynamicTest> forEachMask(
            PoolingOperator operator, String name, Consumer<MaskedLayerCase> check) {
        return Arrays.stream(StepMasks.values()).flatMap(masks -> Stream.of(false, true)
                .map(channelsLast -> DynamicTest.dynamicTest(
                        name + masks + (channelsLast ? " channels last" : ""),
                        () -> Doubles.byDefault(() -> check.accept(new MaskedLayerCase(
                                new Networks(operator, 1, channelsLast).type(DataType.DOUBLE).updater(new NoOp()),
                                masks.draw(new Random(SEED), Networks.BATCH, STEPS)
                                        .toArray(DataType.DOUBLE, false)))))));
    }

    Networks networks() {
        return networks;
    }

    INDArray mask() {
        return mask;
    }

    void assertGradients(PoolingLayer pooling) {
        MultiLayerNetwork network = networks.network(pooling);
        INDArray input = networks.input();
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                .net(network)
                .input(input)
                .labels(networks.labels(network.output(input)))
                .inputMask(mask)
                .labelMask(pooling.reduceMask(mask))
                .epsilon(1e-6)
                .maxRelError(1e-5)
                .minAbsoluteError(1e-9)
                .callEachIter(net -> Nd4j.getRandom().setSeed(SEED)) // the same draws each time
                .subset(true)
                .maxPerParam(10)
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)))
                        .isTrue();
    }

    /** Also where a recurrent layer would have left zeros; the gradients of masked steps are 0. */
    void assertMaskedStepsDoNotMatter(PoolingLayer pooling, boolean training) {
        Layer layer = networks.network(pooling).getLayer(1);
        INDArray x = networks.input();
        INDArray steps = mask.reshape(x.size(1) == STEPS ? new long[] {x.size(0), STEPS, 1}
                : new long[] {x.size(0), 1, STEPS}).broadcast(x.shape());
        INDArray spoilt = x.dup();
        for (long i = 0; i < spoilt.length(); i++) {
            if (steps.getDouble(i) == 0) {
                spoilt.putScalar(i, i % 2 == 0 ? Double.NaN : 1e30);
            }
        }
        INDArray[] clean = run(layer, x, training);
        INDArray[] other = run(layer, spoilt, training);
        Comparison.assertSameBits("output", other[0], clean[0]);
        Comparison.assertSameBits("gradient", other[1], clean[1]);
        Comparison.assertSameBits("parameters' gradient", other[2], clean[2]);
        assertThat(clean[1].mul(steps.rsub(1)).norm1Number().doubleValue()).as("of masked steps").isZero();
    }

    /** Result, its gradient for the input, and for the parameters. */
    INDArray[] run(Layer layer, INDArray x, boolean training) {
        Nd4j.getRandom().setSeed(SEED);
        layer.setMaskArray(mask);
        layer.setInput(x, WORKSPACES);
        INDArray y = layer.activate(training, WORKSPACES).dup();
        if (layer.numParams() > 0) {
            layer.setBackpropGradientsViewArray(Nd4j.create(y.dataType(), 1, layer.numParams()));
        }
        INDArray yGradient = Nd4j.linspace(DataType.DOUBLE, -1, 0.1, y.length()).reshape(y.shape());
        INDArray gradient = layer.backpropGradient(yGradient, WORKSPACES).getSecond().dup();
        INDArray ofParameters = layer.getGradientsViewArray();
        return new INDArray[] {
            y, gradient, ofParameters == null ? Nd4j.zeros(DataType.DOUBLE, 1) : ofParameters.dup()
        };
    }
}
