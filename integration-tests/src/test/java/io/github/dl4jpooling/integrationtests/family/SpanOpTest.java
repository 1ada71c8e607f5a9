// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.ops.ChunkPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.SpanOp;
import io.github.dl4jpooling.ops.TimeWindowPool;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Chunks and time windows by hand: bounds, order, masks, errors. */
class SpanOpTest {

    private static final NDPooling POOLING = new NDPooling();

    private static INDArray row(double... numbers) {
        return Nd4j.createFromArray(new double[][][] {{numbers}});
    }

    private static double[] numbers(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    private static INDArray matrix(double... numbers) {
        return Nd4j.createFromArray(new double[][] {numbers});
    }

    private static TimeWindowPool.Builder sums(double... windows) {
        return TimeWindowPool.builder(windows).kind(SpanOp.Kind.SUM);
    }

    @Test
    void chunksShareStepsWhereTheyMust() {
        INDArray x = row(1, 2, 4, 8, 16);
        assertThat(POOLING.pool(new ChunkPool(false, 2, SpanOp.Kind.SUM, false), x)).isEqualTo(row(7, 28));
        assertThat(POOLING.pool(new ChunkPool(false, 3, SpanOp.Kind.SUM, false), x)).isEqualTo(row(3, 14, 24));
        assertThat(POOLING.pool(new ChunkPool(2), x)).isEqualTo(row(4, 16));
        assertThat(POOLING.pool(new ChunkPool(7), x)).isEqualTo(row(1, 2, 4, 4, 8, 16, 16));
    }

    @Test
    void chunksAreThoseOfTheStepsThatAreLeft() {
        INDArray x = row(1, Double.NaN, 4, Double.NaN, 16, 32);
        INDArray mask = matrix(1, 0, 1, 0, 1, 1);
        assertThat(POOLING.pool(new ChunkPool(false, 2, SpanOp.Kind.MEAN, true), x, mask)).isEqualTo(row(2.5, 24));
        INDArray[] maxima = POOLING.outputs(new ChunkPool(false, 2, SpanOp.Kind.MAX, true), x, mask);
        assertThat(numbers(maxima[1])).containsExactly(2, 5);
    }

    /** An event that is exactly as old as the window is not in it; one at the very moment is. */
    @Test
    void windowsAreHalfOpen() {
        INDArray x = row(1, 2, 4, 8);
        INDArray times = matrix(0, 7, 7, 8);
        assertThat(POOLING.pool(sums(7).build(), x, times)).isEqualTo(row(1, 6, 6, 14));
        assertThat(POOLING.pool(sums(7.5).build(), x, times)).isEqualTo(row(1, 7, 7, 14));
    }

    @Test
    void eventsNeedNotBeSorted() {
        INDArray x = row(8, 1, 4, 2);
        INDArray times = matrix(8, 0, 7, 6);
        assertThat(POOLING.pool(sums(3).build(), x, times)).isEqualTo(row(14, 1, 6, 2));
        TimeWindowPool last = sums(1.5, 2.5, Double.POSITIVE_INFINITY)
                .moments(TimeWindowPool.Moments.LAST_EVENT)
                .build();
        assertThat(numbers(POOLING.pool(last, x, times))).containsExactly(12, 14, 15);
    }

    @Test
    void givenMoments() {
        TimeWindowPool op = sums(2).moments(TimeWindowPool.Moments.GIVEN).build();
        INDArray y = POOLING.pool(op, row(1, 2, 4), matrix(1, 2, 3), matrix(3.5, 0.5, 2, 100));
        assertThat(y).isEqualTo(row(6, 0, 3, 0));
    }

    /** A half-life halves; of a mean only the ratio of weights counts, however old all are. */
    @Test
    void weightsFade() {
        INDArray x = row(1, 3);
        INDArray times = matrix(0, 2);
        TimeWindowPool sum = sums(10).halfLife(2).build();
        assertThat(POOLING.pool(sum, x, times).getDouble(1)).isEqualTo(3.5, org.assertj.core.data.Offset.offset(1e-14));
        TimeWindowPool mean = TimeWindowPool.builder(1e9).halfLife(2).moments(TimeWindowPool.Moments.GIVEN).build();
        double expected = (0.5 + 3) / 1.5;
        for (double now : new double[] {2, 3, 1e6}) {
            assertThat(POOLING.pool(mean, x, times, matrix(now)).getDouble(0))
                    .isEqualTo(expected, org.assertj.core.data.Offset.offset(1e-14));
        }
    }

    @Test
    void maskedEventsAreNone() {
        INDArray x = row(1, Double.NaN, 4, 1e300);
        INDArray times = matrix(0, Double.NaN, 1, Double.POSITIVE_INFINITY);
        INDArray mask = matrix(1, 0, 1, 0);
        TimeWindowPool op = sums(5).masked(true).build();
        assertThat(POOLING.pool(op, x, times, mask)).isEqualTo(row(1, 0, 5, 0));
        assertThat(POOLING.gradients(op, row(1, 10, 100, 1000), x, times, mask)[0]).isEqualTo(row(101, 0, 100, 0));
        TimeWindowPool last = sums(5).masked(true).moments(TimeWindowPool.Moments.LAST_EVENT).build();
        assertThat(POOLING.pool(last, x, times, mask.mul(0))).isEqualTo(row(0));
    }

    /** Seconds since 1970: doubles keep them apart whatever the type of the events. */
    @Test
    void timesAreDoubles() {
        INDArray x = row(1, 2).castTo(DataType.FLOAT);
        INDArray times = matrix(1.7e9, 1.7e9 + 1);
        assertThat(POOLING.pool(sums(1).build(), x, times)).isEqualTo(row(1, 2).castTo(DataType.FLOAT));
        INDArray near = matrix(0, 1).castTo(DataType.FLOAT);
        assertThat(POOLING.pool(sums(1).build(), x, near)).isEqualTo(row(1, 2).castTo(DataType.FLOAT));
    }

    /** However extreme the time constant is. */
    @Test
    void finiteStaysFinite() {
        for (SpanOp.Kind kind : new SpanOp.Kind[] {SpanOp.Kind.SUM, SpanOp.Kind.MEAN}) {
            for (double logTau : new double[] {-1e4, -100, 100, 1e4}) {
                TimeWindowPool op = TimeWindowPool.builder(Double.POSITIVE_INFINITY)
                        .kind(kind)
                        .learnedDecay(true)
                        .build();
                INDArray x = row(1, 2, 3).castTo(DataType.FLOAT);
                INDArray tau = Nd4j.createFromArray((float) logTau);
                INDArray times = matrix(0, 0, 1e200);
                INDArray y = POOLING.pool(op, x, tau, times);
                INDArray[] gradients = POOLING.gradients(op, y.ulike().assign(1), x, tau, times);
                for (INDArray array : new INDArray[] {y, gradients[0], gradients[1]}) {
                    assertThat(Arrays.stream(numbers(array)).allMatch(Double::isFinite))
                            .as(kind + " " + logTau + " " + array)
                            .isTrue();
                }
            }
        }
    }

    @Test
    void errors() {
        INDArray x = row(1, 2);
        assertRejected(() -> new ChunkPool(0), "Chunk pooling", "k must be from 1", "0");
        assertRejected(() -> POOLING.pool(new ChunkPool(false, 2, SpanOp.Kind.MAX, true), x, matrix(1)),
                "mask", "[1, 2]", "[1, 1]");
        assertRejected(() -> TimeWindowPool.builder().build(), "Time-window pooling", "window");
        assertRejected(() -> sums(0).build(), "window", "0.0");
        assertRejected(() -> sums(Double.NaN).build(), "window", "NaN");
        assertRejected(() -> sums(1).halfLife(-1).build(), "halfLife", "-1.0");
        assertRejected(() -> sums(1).kind(SpanOp.Kind.MAX).halfLife(1).build(), "decay", "MAX");
        assertRejected(() -> sums(1).learnedDecay(true).halfLife(1).build(), "halfLife", "learned");
        assertRejected(() -> POOLING.pool(sums(1).build(), x, matrix(0, Double.NaN)), "times", "NaN", "step 1");
        assertRejected(() -> POOLING.pool(sums(1).build(), x, matrix(0)), "times", "[1, 2]");
        PoolingOp given = sums(1).moments(TimeWindowPool.Moments.GIVEN).build();
        assertRejected(() -> POOLING.pool(given, x, matrix(0, 1), matrix(Double.POSITIVE_INFINITY)),
                "moments", "Infinity");
        assertRejected(() -> POOLING.pool(given, x, matrix(0, 1), Nd4j.ones(DataType.DOUBLE, 2, 1)), "moments");
    }

    private static void assertRejected(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).satisfies(e -> Arrays.stream(parts)
                .forEach(part -> assertThat(e).hasStackTraceContaining(part)));
    }

    /** An index that points elsewhere must not be followed. */
    @Test
    void hostileIndex() {
        ChunkPool op = new ChunkPool(2);
        INDArray x = row(1, 2, 3);
        INDArray index = Nd4j.createFromArray(new long[] {1, 1L << 40}).reshape(1, 1, 2);
        assertThatThrownBy(() -> POOLING.gradients(op, row(1, 1), new INDArray[] {null, index}, x))
                .isInstanceOf(RuntimeException.class);
    }
}
