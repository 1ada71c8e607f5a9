// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.ForEachPlainLayer;
import io.github.dl4jpooling.integrationtests.oracle.MinPoolOracle;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.MinPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.Arrays;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ConvolutionUtils;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Masks of sequences and images. */
@ForEachPlainLayer
class MaskTest {

    private static final LayerWorkspaceMgr WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    // Of two sequences of eight steps. Windows of three steps with stride two start at steps 0, 2 and 4.
    private static final INDArray MASK =
            Nd4j.createFromArray(new float[][] {{1, 1, 1, 1, 0, 0, 0, 0}, {0, 0, 0, 1, 0, 0, 1, 1}});
    private static final INDArray OUTPUT_MASK = Nd4j.createFromArray(new float[][] {{1, 1, 0}, {0, 1, 1}});

    private final PoolingOperator operator;

    MaskTest(PoolingOperator operator) {
        this.operator = operator;
    }

    private WindowPoolingLayer sequences(boolean channelsLast) {
        WindowPoolingLayer.Builder<?> builder = Conventions.layer(operator, 3);
        builder.stride(2);
        builder.dataFormat(channelsLast ? RNNFormat.NWC : RNNFormat.NCW);
        return builder.build();
    }

    private static Layer instantiate(org.deeplearning4j.nn.conf.layers.Layer configuration) {
        NeuralNetConfiguration conf =
                new NeuralNetConfiguration.Builder().layer(configuration).build();
        return configuration.instantiate(conf, null, 0, null, false, DataType.FLOAT);
    }

    @TestFactory
    Stream<DynamicTest> sequences() {
        return Stream.of(false, true).map(channelsLast -> DynamicTest.dynamicTest(
                channelsLast ? "channels last" : "channels first", () -> checkSequences(channelsLast)));
    }

    private void checkSequences(boolean channelsLast) {
        WindowPoolingLayer configuration = sequences(channelsLast);
        Layer layer = instantiate(configuration);
        INDArray x = Nd4j.randn(DataType.FLOAT, channelsLast ? new long[] {2, 8, 5} : new long[] {2, 5, 8});
        INDArray y = Conventions.pool(operator, x, configuration.window());
        WindowedOp op = configuration.op(false).withMask();
        INDArray[] expected = new NDPooling().outputs(op, x, MASK);
        INDArray epsilon = Nd4j.randn(DataType.FLOAT, y.shape());
        INDArray mask =
                layer.feedForwardMaskArray(MASK, MaskState.Active, 2).getFirst();
        layer.setInput(x, WORKSPACES);
        INDArray masked = layer.activate(false, WORKSPACES);
        INDArray gradient = layer.backpropGradient(epsilon.dup(), WORKSPACES).getSecond();

        Comparison.assertSameBits("mask", mask, OUTPUT_MASK);
        Comparison.assertSameBits("output", masked, expected[0]);
        Comparison.assertSameBits(
                "gradient", gradient, new NDPooling().gradients(op, epsilon, expected, x, MASK)[0]);
        layer.setMaskArray(null);
        Comparison.assertSameBits("without mask", layer.activate(false, WORKSPACES), y);
    }

    /** What stands in the incoming gradient and in the mask is not ours to change. */
    @Test
    void argumentsAreNotModified() {
        Layer layer = instantiate(sequences(false));
        INDArray mask = MASK.dup();
        layer.feedForwardMaskArray(mask, MaskState.Active, 2);
        INDArray x = Nd4j.randn(DataType.FLOAT, 2, 5, 8);
        INDArray input = x.dup();
        INDArray epsilon = Nd4j.randn(DataType.FLOAT, 2, 5, 3);
        INDArray incoming = epsilon.dup();
        layer.setInput(input, WORKSPACES);
        layer.activate(true, WORKSPACES);
        layer.backpropGradient(incoming, WORKSPACES);
        Comparison.assertSameBits("mask", mask, MASK);
        Comparison.assertSameBits("input", input, x);
        Comparison.assertSameBits("gradient", incoming, epsilon);
    }

    @TestFactory
    Stream<DynamicTest> networksWithMasks() {
        return Stream.of(false, true).map(channelsLast -> DynamicTest.dynamicTest(
                channelsLast ? "channels last" : "channels first",
                () -> Doubles.byDefault(() -> checkNetwork(channelsLast))));
    }

    private void checkNetwork(boolean channelsLast) {
        Networks networks =
                new Networks(operator, 1, channelsLast).type(DataType.DOUBLE).updater(new NoOp());
        MultiLayerNetwork network = networks.network(networks.pooling().build());
        INDArray input = networks.input();
        INDArray inputMask = Nd4j.ones(DataType.DOUBLE, Networks.BATCH, 9);
        INDArray labelMask = Nd4j.ones(DataType.DOUBLE, Networks.BATCH, 4);
        for (int example = 0; example < Networks.BATCH; example++) {
            for (int step = 2 + example; step < 9; step++) {
                inputMask.putScalar(example, step, 0);
            }
            for (int window = 1 + (example + 1) / 2; window < 4; window++) {
                labelMask.putScalar(example, window, 0);
            }
        }
        assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                .net(network)
                .input(input)
                .labels(networks.labels(network.output(input)))
                .inputMask(inputMask)
                .labelMask(labelMask)
                .maxRelError(1e-5)
                .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)))
                        .isTrue();
    }

    /** DL4J's reduction leaves the dilation out. */
    @TestFactory
    Stream<DynamicTest> sameMasksAsDl4j() {
        return imageMasks((shape, mode) -> {
            WindowPoolingLayer configuration = images(mode, 1);
            INDArray mask = randomMask(shape);
            INDArray expected = ConvolutionUtils.cnn2dMaskReduction(
                    mask,
                    configuration.getKernelSize(),
                    configuration.getStride(),
                    configuration.getPadding(),
                    configuration.getDilation(),
                    mode);
            Comparison.assertSameBits("mask", reduce(configuration, mask), expected);
        });
    }

    /** An output counts if its window holds an element that counts; axes of size 1 stand for any size and stay. */
    @TestFactory
    Stream<DynamicTest> imageMasks() {
        return imageMasks((shape, mode) -> {
            WindowPoolingLayer configuration = images(mode, 2);
            PoolingWindow window = PoolingWindow.builder(onMaskAxes(configuration.getKernelSize(), shape, 1))
                    .stride(onMaskAxes(configuration.getStride(), shape, 1))
                    .padding(onMaskAxes(configuration.getPadding(), shape, 0))
                    .dilation(onMaskAxes(configuration.getDilation(), shape, 1))
                    .borderMode(configuration.window().borderMode())
                    .build();
            INDArray mask = randomMask(shape);
            PlainArray negated = PlainArray.of(mask.neg(), false);
            PlainArray expected = new MinPoolOracle().outputs(new MinPool(window), negated)[0];
            Comparison.assertSameBits(
                    "mask", reduce(configuration, mask), expected.toArray(DataType.FLOAT, false).neg());
        });
    }

    private static Stream<DynamicTest> imageMasks(BiConsumer<long[], ConvolutionMode> check) {
        return Stream.of(ConvolutionMode.Truncate, ConvolutionMode.Same).flatMap(mode -> Stream.of(
                new long[] {4, 1, 1, 1},
                new long[] {4, 1, 13, 1},
                new long[] {4, 1, 1, 11},
                new long[] {4, 1, 13, 11},
                new long[] {4, 3, 13, 11})
                .map(shape -> DynamicTest.dynamicTest(
                        mode + " " + Arrays.toString(shape), () -> check.accept(shape, mode))));
    }

    private WindowPoolingLayer images(ConvolutionMode mode, int dilation) {
        WindowPoolingLayer.Builder<?> builder = Conventions.layer(operator, 3, 2);
        builder.stride(2, 3);
        builder.dilation(1, dilation);
        builder.padding(mode == ConvolutionMode.Same ? 0 : 1, 0);
        builder.convolutionMode(mode);
        return builder.build();
    }

    private static INDArray randomMask(long[] shape) {
        return Nd4j.rand(DataType.FLOAT, shape).gt(0.8).castTo(DataType.FLOAT);
    }

    private static INDArray reduce(WindowPoolingLayer configuration, INDArray mask) {
        return instantiate(configuration)
                .feedForwardMaskArray(mask, MaskState.Active, (int) mask.size(0))
                .getFirst();
    }

    private static int[] onMaskAxes(int[] setting, long[] shape, int otherwise) {
        return new int[] {shape[2] == 1 ? otherwise : setting[0], shape[3] == 1 ? otherwise : setting[1]};
    }

    @Test
    void otherMasksAreRejected() {
        Layer images = instantiate(Conventions.layer(operator, 2, 2).build());
        Layer volumes = instantiate(Conventions.layer(operator, 2, 2, 2).build());
        assertThatThrownBy(() -> images.feedForwardMaskArray(MASK, MaskState.Active, 2))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContainingAll("mask", "[2, 8]", "2-D");
        assertThatThrownBy(() -> volumes.feedForwardMaskArray(Nd4j.ones(2, 1, 8, 8, 8), MaskState.Active, 2))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContainingAll("mask", "3-D");
        assertThat(volumes.feedForwardMaskArray(null, MaskState.Active, 2).getFirst()).isNull();
    }
}
