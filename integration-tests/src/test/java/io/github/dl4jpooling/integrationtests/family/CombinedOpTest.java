// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.AveragePool;
import io.github.dl4jpooling.ops.BlurPool;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.CombinedOp;
import io.github.dl4jpooling.ops.FusionPool;
import io.github.dl4jpooling.ops.FusionPool.Merge;
import io.github.dl4jpooling.ops.GemPool;
import io.github.dl4jpooling.ops.HierarchicalDynamicPool;
import io.github.dl4jpooling.ops.HierarchicalPool;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.MinPool;
import io.github.dl4jpooling.ops.MultiScalePool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.RangePool;
import io.github.dl4jpooling.ops.S3Pool;
import io.github.dl4jpooling.ops.SoftPool;
import io.github.dl4jpooling.ops.StochasticPool;
import io.github.dl4jpooling.ops.TopkAveragePool;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Poolings made of others: threads, empty arrays, what they are in special cases, errors, damaged arguments. */
class CombinedOpTest {

    private static final DataType[] TYPES = {DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16};

    private static PoolingWindow window(int size, boolean channelsLast) {
        return PoolingWindow.builder(size, size).stride(2, 2).padding(size / 2, size / 2).channelsLast(channelsLast)
                .build();
    }

    private static List<CombinedOp> ops(boolean channelsLast) {
        PoolingWindow small = window(3, channelsLast);
        PoolingWindow large = window(5, channelsLast);
        List<CombinedOp> ops = new ArrayList<>();
        for (Merge merge : Merge.values()) {
            ops.add(new FusionPool(merge, new MaxPool(small), new SoftPool(large), new BlurPool(small)));
        }
        ops.add(new MultiScalePool(List.of(new MaxPool(small), new AveragePool(
                PoolingWindow.builder(4, 4).channelsLast(channelsLast).build()))));
        ops.add(new HierarchicalPool(new FusionPool(Merge.MAX, new AveragePool(small), new AveragePool(large)),
                new TopkAveragePool(small, 2)));
        ops.add(HierarchicalDynamicPool.builder()
                .stageWithDifferences(new MaxPool(small), new AveragePool(large), new MinPool(small))
                .stage(new MaxPool(small), new SoftPool(small))
                .hiddenUnits(3)
                .build());
        return ops;
    }

    private static INDArray[] inputs(CombinedOp op, INDArray x) {
        List<INDArray> inputs = new ArrayList<>(List.of(x));
        if (op instanceof HierarchicalDynamicPool) {
            ((HierarchicalDynamicPool) op).parameterShapes(x.shape()).values().forEach(shape -> {
                INDArray numbers = Nd4j.create(DataType.DOUBLE, shape);
                inputs.add((numbers.isEmpty() ? numbers : Nd4j.randn(DataType.DOUBLE, shape)).castTo(x.dataType()));
            });
        }
        return inputs.toArray(new INDArray[0]);
    }

    private static INDArray[] results(PoolingOp op, INDArray yGradient, INDArray... inputs) {
        INDArray[] outputs = new NDPooling().outputs(op, inputs);
        INDArray[] gradients = new NDPooling().gradients(op, yGradient, outputs, inputs);
        return Stream.concat(Arrays.stream(outputs), Arrays.stream(gradients)).toArray(INDArray[]::new);
    }

    private static Stream<DynamicTest> forEachOp(BiConsumer<CombinedOp, Boolean> check) {
        return Stream.of(false, true).flatMap(last -> ops(last).stream().map(
                op -> DynamicTest.dynamicTest(op + (last ? " last" : ""), () -> check.accept(op, last))));
    }

    @TestFactory
    Stream<DynamicTest> noExamplesOrChannels() {
        return forEachOp((op, last) -> {
            for (DataType type : TYPES) {
                for (long[] sizes : new long[][] {{0, 3}, {2, 0}}) {
                    INDArray x = Nd4j.create(type, last
                            ? new long[] {sizes[0], 9, 8, sizes[1]} : new long[] {sizes[0], sizes[1], 9, 8});
                    INDArray[] inputs = inputs(op, x);
                    INDArray y = Nd4j.create(type, op.outputShape(x.shape()));
                    assertThat(y.isEmpty()).isTrue();
                    INDArray[] results = results(op, y, inputs);
                    assertThat(results[0].shape()).containsExactly(y.shape());
                    INDArray xGradient = results[results.length - inputs.length];
                    assertThat(xGradient.shape()).containsExactly(x.shape());
                    assertThat(xGradient.dataType()).isEqualTo(type);
                }
            }
        });
    }

    /** But for the gates, whose sums are ND4J's. */
    @TestFactory
    Stream<DynamicTest> sameBitsForEveryNumberOfThreads() {
        Nd4j.getBackend(); // NativeOpsHolder works only after ND4J has started
        NativeOps nd4j = NativeOpsHolder.getInstance().getDeviceNativeOps();
        int threads = nd4j.ompGetMaxThreads();
        return forEachOp((op, last) -> {
            if (op instanceof HierarchicalDynamicPool) {
                return;
            }
            INDArray x = Nd4j.randn(DataType.FLOAT, last ? new long[] {2, 37, 43, 33} : new long[] {2, 33, 37, 43});
            INDArray yGradient = Nd4j.randn(DataType.FLOAT, op.outputShape(x.shape()));
            try {
                nd4j.setOmpNumThreads(1);
                INDArray[] expected = results(op, yGradient, x);
                for (int count : new int[] {2, 3, 8}) {
                    nd4j.setOmpNumThreads(count);
                    INDArray[] results = results(op, yGradient, x);
                    for (int i = 0; i < results.length; i++) {
                        Comparison.assertSameBits(count + " threads", results[i], expected[i]);
                    }
                }
            } finally {
                nd4j.setOmpNumThreads(threads);
            }
        });
    }

    private static INDArray pool(PoolingOp op, INDArray... inputs) {
        return new NDPooling().pool(op, inputs);
    }

    @Test
    void oneBranchOrStageIsThatPooling() {
        INDArray x = Nd4j.randn(DataType.FLOAT, 2, 3, 9, 8);
        SoftPool soft = new SoftPool(window(3, false));
        INDArray y = pool(soft, x);
        for (Merge merge : Merge.values()) {
            Comparison.assertSameBits(merge.toString(), pool(new FusionPool(merge, soft), x), y);
        }
        Comparison.assertSameBits("scale", pool(new MultiScalePool(List.of(soft)), x), y);
        Comparison.assertSameBits("stage", pool(new HierarchicalPool(soft), x), y);
        HierarchicalDynamicPool dynamic = HierarchicalDynamicPool.builder().stage(soft).build();
        Comparison.assertSameBits("candidate", pool(dynamic, inputs(dynamic, x)), y);
    }

    /** The first of equal branches gets the gradient; a NaN wins. */
    @Test
    void branchOfTheMaximum() {
        INDArray x = Nd4j.createFromArray(new float[][][] {{{1, 2, Float.NaN, 4}}});
        PoolingWindow one = PoolingWindow.builder(1).build();
        PoolingWindow same = PoolingWindow.builder(2).stride(1).borderMode(BorderMode.SAME).build();
        FusionPool op = new FusionPool(Merge.MAX, new MaxPool(one), new MaxPool(same));
        INDArray[] outputs = new NDPooling().outputs(op, x);
        assertThat(outputs[0].reshape(4).toFloatVector()).containsExactly(2, Float.NaN, Float.NaN, 4);
        assertThat(outputs[1].reshape(4).toLongVector()).containsExactly(1, 1, 0, 0);
    }

    /** Without weights it is the mean of the candidates, and the gates say so. */
    @Test
    void gatesWithoutWeights() {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 8, 8);
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        HierarchicalDynamicPool op = HierarchicalDynamicPool.builder()
                .stageWithDifferences(new MaxPool(window), new MinPool(window)).build();
        INDArray[] inputs = inputs(op, x);
        inputs[1].assign(0);
        inputs[2].assign(0);
        INDArray[] outputs = new NDPooling().outputs(op, inputs);
        INDArray mean = pool(new MaxPool(window), x).add(pool(new MinPool(window), x)).mul(0.5);
        assertThat(outputs[0].distance2(mean)).isLessThan(1e-12);
        assertThat(outputs[1]).isEqualTo(Nd4j.valueArrayOf(new long[] {2, 2}, 0.5, DataType.DOUBLE));
    }

    @Test
    void seedsMakeDrawsRepeatable() {
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        StochasticPool drawn = new StochasticPool(window, TrainingPhase.TRAINING).withSeed(7);
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3, 8, 8);
        INDArray yGradient = Nd4j.rand(DataType.FLOAT, 2, 3, 4, 4);
        Comparison.assertSameBits("gradient",
                results(new FusionPool(Merge.SUM, drawn), yGradient, x)[1], results(drawn, yGradient, x)[2]);
        assertThat(new FusionPool(Merge.SUM, new StochasticPool(window, TrainingPhase.INFERENCE)).parts()).hasSize(1);
    }

    private static void assertRejected(Runnable call, String... parts) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(error -> assertThat(List.of(parts)).allMatch(error.getMessage()::contains));
    }

    @Test
    void errors() {
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        MaxPool max = new MaxPool(window);
        assertRejected(() -> new FusionPool(Merge.SUM), "Fusion pooling: number of parts must be from 1", "got 0");
        assertRejected(() -> new FusionPool(Merge.SUM, max, new GemPool(window)), "branch 1", "GemPool", "p");
        assertRejected(() -> new FusionPool(Merge.SUM, new StochasticPool(window, TrainingPhase.TRAINING)), "branch 0",
                "draw at random");
        assertRejected(() -> new HierarchicalPool(max, S3Pool.builder(2).build()), "stage 1",
                "draw at random");
        assertRejected(() -> new HierarchicalPool(max, new AdaptiveMaxPool(true, 1, 1)),
                "Hierarchical pooling: all parts must have the channels in the same place", "stage 0", "first",
                "stage 1");
        assertRejected(() -> new HierarchicalPool(List.of(max), true), "last stage must be an adaptive pooling");
        assertRejected(() -> new MultiScalePool(List.of(max), 0), "outputSize must be from 1", "got 0");
        assertRejected(() -> new MultiScalePool(List.of(max), 1, 1, 1, 1), "outputSize must be one to three");
        assertRejected(() -> HierarchicalDynamicPool.builder().build(), "number of parts must be from 1");
        assertRejected(() -> HierarchicalDynamicPool.builder().hiddenUnits(-1).stage(max).build(), "hiddenUnits",
                "-1");
        assertRejected(() -> HierarchicalDynamicPool.builder().stage(max, max).stage().build(),
                "candidates of stage 2 must be from 1", "got 0");
        INDArray x = Nd4j.ones(DataType.FLOAT, 2, 3, 8, 6);
        assertRejected(() -> pool(new FusionPool(Merge.AVG, max, new RangePool(window(3, false))),
                Nd4j.ones(DataType.FLOAT, 2, 3, 9, 6)), "outputs of the branches must have the same shape",
                "[2, 3, 4, 3]", "[2, 3, 5, 3]", "branch 1");
        assertRejected(() -> pool(new HierarchicalPool(max, max, max), x), "stage 2", "larger than the padded map",
                "[2, 3, 2, 1]");
        assertRejected(() -> pool(new MultiScalePool(List.of(max), 3), x), "one number for each of 2", "[3]");
        assertRejected(() -> pool(HierarchicalPool.swem(2, false), x), "stage 0", "rank 3");
        HierarchicalPool masked = new HierarchicalPool(HierarchicalPool.swem(2, false).parts(), true);
        assertRejected(() -> pool(masked, x, x), "of rank 3", "[2, 3, 8, 6]");
        INDArray sequences = Nd4j.ones(DataType.FLOAT, 2, 3, 8);
        assertRejected(() -> pool(masked, sequences, sequences), "shape of the mask must be [2, 8]");
        HierarchicalDynamicPool dynamic = new HierarchicalDynamicPool(window);
        assertRejected(() -> pool(dynamic, x, x, x), "shape of the weights1 must be [3, 9]");
        assertRejected(() -> pool(HierarchicalDynamicPool.builder().stage(max, new AdaptiveMaxPool(1, 1)).build(), x,
                x, x), "candidates of stage 1 must have the same shape", "candidate 1", "[2, 3, 1, 1]");
        FusionPool largest = new FusionPool(Merge.MAX, max, max);
        INDArray far = Nd4j.valueArrayOf(new long[] {2, 3, 4, 3}, 2, DataType.INT64);
        INDArray y = Nd4j.ones(DataType.FLOAT, 2, 3, 4, 3);
        assertThatThrownBy(() -> new NDPooling().gradients(largest, y, new INDArray[] {null, far}, x))
                .hasStackTraceContaining("the index must be from 0 to 1, got 2");
    }

    /** Numbers from a file may be anything; what they say must be checked before it is believed. */
    @TestFactory
    Stream<DynamicTest> damagedArguments() {
        long[] right = new FusionPool(Merge.SUM, new MaxPool(window(3, false))).iArgs();
        List<long[]> damaged = new ArrayList<>(List.of(new long[0], new long[] {1}, new long[] {1, 0},
                new long[] {1, 0, 0}, new long[] {-1, 0, 1}, new long[] {Long.MAX_VALUE}));
        for (int i = 0; i < 7; i++) {
            for (long value : new long[] {-1, 1L << 40, Long.MIN_VALUE, 99}) {
                long[] one = right.clone();
                one[i] = value;
                damaged.add(one);
            }
        }
        for (int length = 0; length < right.length; length++) {
            damaged.add(Arrays.copyOf(right, length));
        }
        return damaged.stream().map(arguments -> DynamicTest.dynamicTest(Arrays.toString(arguments), () -> {
            FusionPool op = new FusionPool();
            op.addIArgument(arguments);
            assertThatThrownBy(op::configureFromArguments).isInstanceOf(IllegalArgumentException.class).message()
                    .isNotBlank();
        }));
    }
}
