// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.ops.FirstSpikePool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SpikeGatePool;
import io.github.dl4jpooling.ops.SpikeGatePool.Rule;
import io.github.dl4jpooling.ops.SpikingOp;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** What is particular to pooling of spike trains. */
class SpikingPoolTest {

    private static final double NAN = Double.NaN;
    private static final PoolingWindow PAIR = PoolingWindow.builder(2).build();

    private final NDPooling pooling = new NDPooling();
    private final NativeOps nd4j;

    SpikingPoolTest() {
        Nd4j.getBackend(); // NativeOpsHolder works only after ND4J has started
        nd4j = NativeOpsHolder.getInstance().getDeviceNativeOps();
    }

    private static List<BiFunction<PoolingWindow, Boolean, SpikingOp>> operators() {
        return List.of(FirstSpikePool::new, (window, first) -> new SpikeGatePool(window, first, Rule.ARGMAX),
                (window, first) -> new SpikeGatePool(window, first, Rule.ANY_MAXIMAL));
    }

    /** Elements of two units, step by step: [T, 1, 1, 2]. */
    private static INDArray pairs(double[]... steps) {
        return Nd4j.createFromArray(steps).reshape(steps.length, 1, 1, 2);
    }

    private double[] pooled(SpikingOp op, INDArray x) {
        return pooling.pool(op, x).dup('c').data().asDouble();
    }

    @Test
    void gates() {
        INDArray x = pairs(new double[][] {{0, 1}, {1, 0}, {0, 1}, {1, 1}, {0, 0}});
        assertThat(pooled(new SpikeGatePool(PAIR, true, Rule.ARGMAX), x)).containsExactly(1, 1, 1, 1, 0);
        x = pairs(new double[][] {{1, 0}, {0, 1}, {0, 1}});
        assertThat(pooled(new SpikeGatePool(PAIR, true, Rule.ARGMAX), x)).containsExactly(1, 0, 1);
        assertThat(pooled(new SpikeGatePool(PAIR, true, Rule.ANY_MAXIMAL), x)).containsExactly(1, 1, 1);
    }

    /** The unit that the gate lets through gets the gradient although it is silent. */
    @Test
    void gradientGoesStraightThrough() {
        INDArray x = pairs(new double[][] {{1, 0}, {0, 0}, {0, 1}});
        INDArray gradient = Nd4j.createFromArray(2.0, 3.0, 5.0).reshape(3, 1, 1, 1);
        double[][] expected = {{2, 0, 3, 0, 5, 0}, {2, 0, 3, 0, 0, 5}};
        for (Rule rule : Rule.values()) {
            SpikeGatePool op = new SpikeGatePool(PAIR, true, rule);
            INDArray[] outputs = pooling.outputs(op, x);
            assertThat(pooling.gradients(op, gradient, outputs, x)[0].dup('c').data().asDouble())
                    .containsExactly(expected[rule.ordinal()]);
        }
        x = pairs(new double[][] {{0, 0}, {0, 1}, {1, 1}});
        FirstSpikePool op = new FirstSpikePool(PAIR);
        INDArray[] outputs = pooling.outputs(op, x);
        assertThat(outputs[0].dup('c').data().asDouble()).containsExactly(0, 1, 0);
        assertThat(outputs[1].getLong(0)).isEqualTo(1);
        assertThat(outputs[2].getLong(0)).isEqualTo(1);
        assertThat(pooling.gradients(op, gradient, outputs, x)[0].dup('c').data().asDouble())
                .containsExactly(0, 0, 0, 3, 0, 0);
    }

    @Test
    void nan() {
        INDArray x = pairs(new double[][] {{1, 0}, {1, NAN}, {1, 1}, {1, 1}});
        for (Rule rule : Rule.values()) {
            assertThat(pooled(new SpikeGatePool(PAIR, true, rule), x)).containsExactly(1, NAN, NAN, NAN);
        }
        assertThat(pooled(new FirstSpikePool(PAIR), x)).containsExactly(1, 0, 0, 0);
        INDArray[] outputs = pooling.outputs(new FirstSpikePool(PAIR), pairs(new double[][] {{0, 0}, {1, NAN}}));
        assertThat(outputs[0].dup('c').data().asDouble()).containsExactly(0, NAN);
        assertThat(outputs[2].getLong(0)).isEqualTo(1);
    }

    /** Rows longer and shorter than vectors, and maps cut into several parts. */
    @TestFactory
    Stream<DynamicTest> sameBitsWhereverTimeIsAndWhateverTheThreads() {
        List<DynamicTest> tests = new ArrayList<>();
        PoolingWindow window = PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build();
        for (long[] shape : new long[][] {{5, 2, 3, 70, 67}, {3, 1, 1, 300, 200}, {4, 2, 40, 5, 6}}) {
            for (BiFunction<PoolingWindow, Boolean, SpikingOp> made : operators()) {
                for (DataType type : new DataType[] {DataType.FLOAT, DataType.DOUBLE, DataType.BFLOAT16}) {
                    tests.add(DynamicTest.dynamicTest(made.apply(window, true) + " " + shape[3] + " " + type,
                            () -> compare(made, window, Nd4j.randn(DataType.FLOAT, shape).castTo(type))));
                }
            }
        }
        return tests.stream();
    }

    private void compare(BiFunction<PoolingWindow, Boolean, SpikingOp> made, PoolingWindow window, INDArray x) {
        SpikingOp op = made.apply(window, true);
        INDArray[] outputs = pooling.outputs(op, x);
        INDArray yGradient = Nd4j.randn(DataType.FLOAT, outputs[0].shape()).castTo(x.dataType());
        INDArray xGradient = pooling.gradients(op, yGradient, outputs, x)[0];
        PoolingWindow last = PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).channelsLast(true).build();
        for (boolean channelsLast : new boolean[] {false, true}) {
            for (boolean timeFirst : new boolean[] {false, true}) {
                int[] axes = channelsLast
                        ? timeFirst ? new int[] {0, 1, 3, 4, 2} : new int[] {1, 0, 3, 4, 2}
                        : timeFirst ? new int[] {0, 1, 2, 3, 4} : new int[] {1, 2, 0, 3, 4};
                SpikingOp other = made.apply(channelsLast ? last : window, timeFirst);
                INDArray moved = x.permute(axes).dup('c');
                INDArray[] results = pooling.outputs(other, moved);
                Comparison.assertSameBits("output", results[0], outputs[0].permute(axes).dup('c'));
                Comparison.assertSameBits("gradient",
                        pooling.gradients(other, yGradient.permute(axes).dup('c'), results, moved)[0],
                        xGradient.permute(axes).dup('c'));
            }
        }
        int threads = nd4j.ompGetMaxThreads();
        try {
            nd4j.setOmpNumThreads(1);
            INDArray[] alone = pooling.outputs(op, x);
            for (int i = 0; i < alone.length; i++) {
                assertThat(alone[i]).isEqualTo(outputs[i]);
            }
            Comparison.assertSameBits("gradient", pooling.gradients(op, yGradient, alone, x)[0], xGradient);
        } finally {
            nd4j.setOmpNumThreads(threads);
        }
    }

    @Test
    void empty() {
        for (BiFunction<PoolingWindow, Boolean, SpikingOp> made : operators()) {
            for (boolean timeFirst : new boolean[] {false, true}) {
                SpikingOp op = made.apply(PoolingWindow.builder(2, 2).build(), timeFirst);
                INDArray x = timeFirst ? Nd4j.create(DataType.FLOAT, 4, 0, 2, 6, 6)
                        : Nd4j.create(DataType.FLOAT, 0, 2, 4, 6, 6);
                INDArray[] outputs = pooling.outputs(op, x);
                assertThat(outputs[0].shape()).containsExactly(timeFirst ? new long[] {4, 0, 2, 3, 3}
                        : new long[] {0, 2, 4, 3, 3});
                INDArray gradient = Nd4j.create(DataType.FLOAT, outputs[0].shape());
                assertThat(pooling.gradients(op, gradient, outputs, x)[0].shape()).containsExactly(x.shape());
            }
        }
    }

    @Test
    void errors() {
        for (BiFunction<PoolingWindow, Boolean, SpikingOp> made : operators()) {
            SpikingOp op = made.apply(PoolingWindow.builder(2, 2).build(), true);
            String title = op.operator().title();
            assertRejected(() -> made.apply(PoolingWindow.builder(2, 2, 2).build(), true), title, "1 or 2 dimensions");
            assertRejected(() -> pooling.pool(op, Nd4j.create(DataType.FLOAT, 2, 3, 4, 4)), title, "rank 5",
                    "[T,N,C,H,W]", "[2, 3, 4, 4]");
            assertRejected(() -> pooling.pool(op, Nd4j.create(DataType.FLOAT, 0, 2, 3, 4, 4)), title, "steps",
                    "[0, 2, 3, 4, 4]");
            assertRejected(() -> pooling.pool(op, Nd4j.create(DataType.FLOAT, 2, 2, 3, 1, 4)), title,
                    "larger than the padded map");
            assertRejected(() -> pooling.pool(op, Nd4j.create(DataType.INT32, 2, 2, 3, 4, 4)), title, "type", "INT");
        }
    }

    /** An index from elsewhere may point anywhere. */
    @Test
    void hostileIndices() {
        INDArray x = Nd4j.ones(DataType.FLOAT, 2, 1, 1, 4);
        INDArray gradient = Nd4j.ones(DataType.FLOAT, 2, 1, 1, 2);
        INDArray[] gate = pooling.outputs(new SpikeGatePool(PAIR), x);
        INDArray[] first = pooling.outputs(new FirstSpikePool(PAIR), x);
        for (long wrong : new long[] {-2, 4, Long.MAX_VALUE, Long.MIN_VALUE}) {
            gate[1].assign(wrong == 4 ? 8 : wrong);
            assertThatThrownBy(() -> pooling.gradients(new SpikeGatePool(PAIR), gradient, gate, x))
                    .hasStackTraceContaining("index");
            first[1].assign(0);
            first[2].assign(wrong);
            assertThatThrownBy(() -> pooling.gradients(new FirstSpikePool(PAIR), gradient, first, x))
                    .hasStackTraceContaining("index");
            first[2].assign(0);
            first[1].assign(wrong);
            assertThatThrownBy(() -> pooling.gradients(new FirstSpikePool(PAIR), gradient, first, x))
                    .hasStackTraceContaining("index");
        }
    }

    private static void assertRejected(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(parts);
    }
}
