// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.AveragePool;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.DeformableAveragePool;
import io.github.dl4jpooling.ops.DeformableBlockPool;
import io.github.dl4jpooling.ops.DpidPool;
import io.github.dl4jpooling.ops.DppFullPool;
import io.github.dl4jpooling.ops.LipBlockPool;
import io.github.dl4jpooling.ops.LogitNetwork;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Operators with a window that are not computed window by window: threads, empty arrays, edge cases, errors. */
class CompositeOpTest {

    private static final DataType[] TYPES = {DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16};

    private static PoolingWindow window(boolean channelsLast) {
        return PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).channelsLast(channelsLast).build();
    }

    private static List<WindowedOp> ops(boolean channelsLast) {
        PoolingWindow window = window(channelsLast);
        return List.of(
                new DeformableBlockPool(window, 1, true, false),
                new LipBlockPool(window, LogitNetwork.PROJECTION, 1, 12),
                new LipBlockPool(window),
                new LipBlockPool(window, LogitNetwork.BOTTLENECK, 4, 12),
                new DppFullPool(PoolingWindow.builder(2, 2).channelsLast(channelsLast).build()),
                new DpidPool(window));
    }

    private static INDArray[] inputs(WindowedOp op, INDArray x) {
        List<INDArray> inputs = new ArrayList<>(List.of(x));
        op.parameterShapes(x.shape()).values()
                .forEach(shape -> inputs.add(Nd4j.randn(DataType.DOUBLE, shape).mul(0.3).castTo(x.dataType())));
        return inputs.toArray(new INDArray[0]);
    }

    private static INDArray[] results(PoolingOp op, INDArray yGradient, INDArray... inputs) {
        INDArray[] outputs = new NDPooling().outputs(op, inputs);
        INDArray[] gradients = new NDPooling().gradients(op, yGradient, outputs, inputs);
        return Stream.concat(Arrays.stream(outputs), Arrays.stream(gradients)).toArray(INDArray[]::new);
    }

    @TestFactory
    Stream<DynamicTest> noExamplesOrChannels() {
        return Stream.of(false, true).flatMap(channelsLast -> ops(channelsLast).stream().map(op -> DynamicTest
                .dynamicTest(op.toString(), () -> {
                    for (DataType type : TYPES) {
                        INDArray x =
                                Nd4j.create(type, channelsLast ? new long[] {0, 8, 6, 3} : new long[] {0, 3, 8, 6});
                        INDArray y =
                                Nd4j.create(type, channelsLast ? new long[] {0, 4, 3, 3} : new long[] {0, 3, 4, 3});
                        INDArray[] inputs = inputs(op, x);
                        INDArray[] results = results(op, y, inputs);
                        assertThat(results[0].shape()).containsExactly(y.shape());
                        for (int i = 0; i < inputs.length; i++) {
                            assertThat(results[i + 1].shape()).containsExactly(inputs[i].shape());
                            assertThat(results[i + 1].dataType()).isEqualTo(type);
                            assertThat(i == 0 || results[i + 1].amaxNumber().doubleValue() == 0).isTrue();
                        }
                    }
                })));
    }

    private static final long[][] SHAPES = {{2, 70, 17, 23}, {1, 3, 61, 40}, {1, 16, 5, 300}};

    @TestFactory
    Stream<DynamicTest> sameBitsForEveryNumberOfThreads() {
        Nd4j.getBackend(); // NativeOpsHolder works only after ND4J has started
        NativeOps nd4j = NativeOpsHolder.getInstance().getDeviceNativeOps();
        int threads = nd4j.ompGetMaxThreads();
        return Stream.of(false, true).flatMap(channelsLast -> Arrays.stream(SHAPES).map(shape -> DynamicTest
                .dynamicTest(Arrays.toString(shape) + channelsLast, () -> {
                    INDArray x = Nd4j.randn(DataType.FLOAT, shape);
                    x = channelsLast ? x.permute(0, 2, 3, 1).dup('c') : x;
                    DeformableAveragePool op = new DeformableAveragePool(window(channelsLast), 1, true, true);
                    INDArray[] inputs = {x, null, null};
                    long[][] further = op.furtherShapes(x.shape());
                    inputs[1] = Nd4j.randn(DataType.FLOAT, further[0]);
                    inputs[2] = Nd4j.randn(DataType.FLOAT, further[1]);
                    INDArray yGradient = Nd4j.randn(DataType.FLOAT, op.geometry(x.shape()).outputShape());
                    try {
                        nd4j.setOmpNumThreads(1);
                        INDArray[] expected = results(op, yGradient, inputs);
                        for (int count : new int[] {2, 3, 8}) {
                            nd4j.setOmpNumThreads(count);
                            INDArray[] results = results(op, yGradient, inputs);
                            for (int i = 0; i < results.length; i++) {
                                Comparison.assertSameBits(count + " threads", results[i], expected[i]);
                            }
                        }
                    } finally {
                        nd4j.setOmpNumThreads(threads);
                    }
                })));
    }

    @TestFactory
    Stream<DynamicTest> deformableWithoutOffsetsIsAveragePooling() {
        return Arrays.stream(TYPES).flatMap(type -> Arrays.stream(BorderMode.values()).flatMap(mode -> Stream.of(
                true, false).map(
                        countsPadding -> DynamicTest.dynamicTest(
                                type + " " + mode + " " + countsPadding, () -> {
                                    int padding = mode == BorderMode.SAME ? 0 : 1;
                                    PoolingWindow window = PoolingWindow.builder(3, 3)
                                            .stride(2, 2)
                                            .padding(padding, padding)
                                            .borderMode(mode)
                                            .build();
                                    // In mode CEIL the last windows stick out, in the others they do not.
                                    int size = mode == BorderMode.CEIL && !countsPadding ? 10 : 9;
                                    INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 5, size, size + 20).castTo(type);
                                    DeformableAveragePool op =
                                            new DeformableAveragePool(window, 1, false, countsPadding);
                                    INDArray offset = Nd4j.create(type, op.furtherShapes(x.shape())[0]);
                                    // They add the elements in different orders.
                                    DoubleUnaryOperator rounding = Comparison.roundingErrors(
                                            type, 9, x.castTo(DataType.DOUBLE).amaxNumber().doubleValue());
                                    Comparison.assertClose(
                                            "output", PlainArray.of(new NDPooling().pool(op, x, offset), false),
                                            PlainArray.of(new NDPooling().pool(
                                                    new AveragePool(window, countsPadding), x), false),
                                            value -> 2 * rounding.applyAsDouble(value));
                                }))));
    }

    /** Samples that lie nowhere count as 0 and change nothing; the map is never read outside. */
    @Test
    void offsetsOfAnySize() {
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        DeformableAveragePool op = new DeformableAveragePool(window);
        for (DataType type : TYPES) {
            for (double far : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 6e4,
                -6e4}) {
                INDArray x = Nd4j.ones(type, 1, 3, 6, 8);
                INDArray offset = Nd4j.valueArrayOf(new long[] {1, 8, 3, 4}, far, type);
                INDArray[] results = results(op, Nd4j.ones(type, 1, 3, 3, 4), x, offset);
                for (INDArray result : results) {
                    assertThat(PlainArray.of(result, false).values()).containsOnly(0);
                }
            }
        }
    }

    /** What a sample does not weigh does not matter. */
    @Test
    void elementsWithoutWeight() {
        INDArray x = Nd4j.ones(DataType.FLOAT, 1, 1, 4, 4);
        x.putScalar(0, 0, 1, 2, Double.NaN);
        DeformableAveragePool op = new DeformableAveragePool(PoolingWindow.builder(2, 2).build());
        INDArray offset = Nd4j.create(DataType.FLOAT, 1, 8, 2, 2);
        double[] y = PlainArray.of(new NDPooling().pool(op, x, offset), false).values();
        assertThat(y).containsExactly(1, Double.NaN, 1, 1);
    }

    @Test
    void errors() {
        INDArray x = Nd4j.ones(DataType.FLOAT, 2, 3, 8, 6);
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        PoolingWindow sequence = PoolingWindow.builder(2).build();
        assertRejected(() -> new DeformableAveragePool(sequence), "Deformable average pooling", "2 dimensions");
        assertRejected(() -> new LipBlockPool(sequence), "2 dimensions");
        assertRejected(() -> new DeformableAveragePool(window, 0, false, true), "groups must be from 1", "got 0");
        assertRejected(() -> new LipBlockPool(window, LogitNetwork.BOTTLENECK, 0, 12), "bottleneck", "got 0");
        assertRejected(() -> new LipBlockPool(window, LogitNetwork.BOTTLENECK, 4, -1), "coefficient", "-1");
        assertRejected(() -> new DpidPool(window, 0), "lambda", "0.001", "got 0");
        assertRejected(() -> new DppFullPool(window(false)), "2x2", "padding 0", "3");
        NDPooling pooling = new NDPooling();
        INDArray offset = Nd4j.create(DataType.FLOAT, 2, 8, 4, 3);
        assertRejected(() -> pooling.pool(new DeformableAveragePool(window, 2, false, true), x, offset),
                "number of groups must divide", "2 groups", "3 channels");
        assertRejected(() -> pooling.pool(new DeformableAveragePool(window), x, x), "shape of the offset",
                "[2, 8, 4, 3]", "[2, 3, 8, 6]");
        assertRejected(() -> pooling.pool(new DeformableAveragePool(window), x, offset.castTo(DataType.DOUBLE)),
                "type of the offset", "FLOAT", "DOUBLE");
        assertRejected(() -> pooling.pool(new DeformableAveragePool(window, 1, true, true), x, offset, x),
                "shape of the mask", "[2, 4, 4, 3]");
        for (WindowedOp op : ops(false)) {
            INDArray[] inputs = inputs(op, x);
            for (int i = 1; i < inputs.length; i++) {
                INDArray right = inputs[i];
                inputs[i] = x;
                assertRejected(() -> pooling.pool(op, inputs), op.operator().title(), op.inputNames().get(
                        Arrays.asList(inputs).lastIndexOf(x)), Arrays.toString(right.shape()), "[2, 3, 8, 6]");
                inputs[i] = right;
            }
        }
    }

    private static void assertRejected(Runnable call, String... parts) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(error -> assertThat(List.of(parts)).allMatch(error.getMessage()::contains));
    }
}
