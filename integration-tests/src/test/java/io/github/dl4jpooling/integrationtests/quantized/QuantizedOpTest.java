// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.quantized;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.QuantizedAdaptiveAvgPool;
import io.github.dl4jpooling.ops.QuantizedAveragePool;
import io.github.dl4jpooling.ops.QuantizedMaxPool;
import io.github.dl4jpooling.ops.QuantizedSoftPool;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Operators of 8-bit numbers against the oracles of their float forms. */
class QuantizedOpTest {

    private static final int CASES = 150;

    /** Besides the rounding to whole steps: float sums of up to a few hundred codes. */
    private static final double ERROR = 2e-3;

    private final NDPooling pooling = new NDPooling();

    /** The nearest number, or where the exact result lies half-way its other neighbour: stricter than one step. */
    static void check(QuantizedCase drawn) {
        try {
            PlainArray exact = drawn.exact();
            PlainArray result = drawn.result();
            assertThat(result.shape()).containsExactly(exact.shape());
            for (int i = 0; i < exact.values().length; i++) {
                double difference = Math.abs(result.values()[i] - exact.values()[i]);
                assertThat(difference).as("%s is %s, exactly %s", Arrays.toString(exact.index(i)),
                        result.values()[i], exact.values()[i]).isLessThanOrEqualTo(0.5 + ERROR);
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(drawn + ": " + e.getMessage(), e);
        }
    }

    static Stream<DynamicTest> cases(int count, int seed) {
        return QuantizedCase.FLOAT_FORMS.stream().flatMap(operator -> Stream.of(DataType.INT8, DataType.UINT8)
                .map(type -> DynamicTest.dynamicTest("8-bit form of " + operator + ", " + type, () -> {
                    Random random = new Random(seed + operator.ordinal() + type.ordinal());
                    for (int i = 0; i < count; i++) {
                        check(QuantizedCase.draw(operator, type, random));
                    }
                })));
    }

    @TestFactory
    Stream<DynamicTest> againstOracles() {
        return cases(CASES, 1);
    }

    @TestFactory
    Stream<DynamicTest> maximaAreExactWhereTheQuantizationStays() {
        return Stream.of(PoolingOperator.MAX_POOL, PoolingOperator.ADAPTIVE_MAX_POOL)
                .map(operator -> DynamicTest.dynamicTest(operator.title(), () -> {
                    Random random = new Random(3);
                    int seen = 0;
                    for (int i = 0; i < CASES; i++) {
                        QuantizedCase drawn = QuantizedCase.draw(operator, DataType.INT8, random);
                        if (drawn.keepsQuantization()) {
                            Comparison.assertClose("maximum", drawn.result(), drawn.exact(), value -> 1e-9);
                            seen++;
                        }
                    }
                    assertThat(seen).isGreaterThan(CASES / 4);
                }));
    }

    /** Every width up to more than two vectors, and every number of channels. */
    @TestFactory
    Stream<DynamicTest> rowLengths() {
        Quantization q = Quantization.of(DataType.UINT8, 0.05, 7);
        return Stream.of(false, true).flatMap(last -> Stream.of(
                new int[] {2, 2}, new int[] {3, 2}, new int[] {3, 1}, new int[] {3, 3}, new int[] {2, 4})
                .map(sizes -> DynamicTest.dynamicTest((last ? "channels, " : "columns, ") + Arrays.toString(sizes),
                        () -> {
                            for (int length = sizes[0]; length <= 150; length++) {
                                PoolingWindow window = PoolingWindow.builder(sizes[0], sizes[0])
                                        .stride(sizes[1], sizes[1]).padding(1, 1).channelsLast(last).build();
                                long[] shape = last
                                        ? new long[] {2, 5, 6, length}
                                        : new long[] {1, 2, 7, length};
                                INDArray x = bytes(DataType.UINT8, length, shape);
                                checkRow(x, window, q);
                            }
                        })));
    }

    private void checkRow(INDArray x, PoolingWindow window, Quantization q) {
        PlainArray plain = PlainArray.of(x, window.channelsLast());
        PlainArray largest = PlainArray.of(pooling.pool(new QuantizedMaxPool(window, q), x), window.channelsLast());
        PlainArray mean = PlainArray.of(pooling.pool(new QuantizedAveragePool(window, q), x), window.channelsLast());
        PlainArray soft = PlainArray.of(pooling.pool(new QuantizedSoftPool(window, q), x), window.channelsLast());
        int[] n = plain.shape();
        for (int i = 0; i < largest.values().length; i++) {
            int[] at = largest.index(i);
            double most = 0;
            double sum = 0;
            int count = 0;
            double weights = 0;
            double weighted = 0;
            for (int h = 0; h < window.kernel()[0]; h++) {
                for (int w = 0; w < window.kernel()[1]; w++) {
                    int row = at[2] * window.stride()[0] - 1 + h;
                    int column = at[3] * window.stride()[1] - 1 + w;
                    if (row >= 0 && row < n[2] && column >= 0 && column < n[3]) {
                        double v = plain.values()[((at[0] * n[1] + at[1]) * n[2] + row) * n[3] + column];
                        most = Math.max(most, v);
                        sum += v;
                        count++;
                        weights += Math.exp(0.05 * (v - 255));
                        weighted += v * Math.exp(0.05 * (v - 255));
                    }
                }
            }
            assertThat(largest.values()[i]).isEqualTo(most);
            assertThat(Math.abs(mean.values()[i] - sum / count)).isLessThanOrEqualTo(0.5 + ERROR);
            assertThat(Math.abs(soft.values()[i] - weighted / weights)).isLessThanOrEqualTo(0.5 + ERROR);
        }
    }

    /** Dense numbers drawn at random. */
    static INDArray bytes(DataType type, long seed, long... shape) {
        Random random = new Random(seed);
        int count = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        double[] numbers = IntStream.range(0, count)
                .mapToDouble(i -> random.nextInt(256) - (type == DataType.INT8 ? 128 : 0)).toArray();
        return Nd4j.create(Nd4j.createTypedBuffer(numbers, type), shape);
    }

    /** Sums of more elements than 16 bits hold. */
    @Test
    void largeWindowsAndMaps() {
        Quantization q = Quantization.of(DataType.UINT8, 1, 0);
        for (boolean last : new boolean[] {false, true}) {
            INDArray x = bytes(DataType.UINT8, 5, last ? new long[] {1, 300, 310, 2} : new long[] {1, 2, 300, 310});
            x.assign(255);
            INDArray adaptive = pooling.pool(new QuantizedAdaptiveAvgPool(last, q, 1, 1), x);
            PoolingWindow window = PoolingWindow.builder(300, 20).stride(1, 7).channelsLast(last).build();
            INDArray windows = pooling.pool(new QuantizedAveragePool(window, q), x);
            for (INDArray y : new INDArray[] {adaptive, windows}) {
                assertThat(y.castTo(DataType.DOUBLE).minNumber().doubleValue()).isEqualTo(255);
                assertThat(y.castTo(DataType.DOUBLE).maxNumber().doubleValue()).isEqualTo(255);
            }
        }
    }

    @Test
    void saturates() {
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        INDArray x = Nd4j.create(Nd4j.createTypedBuffer(new double[] {-128, -128, -128, -128, 127, 127, 127, 127},
                DataType.INT8), new long[] {1, 2, 2, 2});
        Quantization wide = Quantization.of(DataType.INT8, 1e10, 3);
        Quantization fine = Quantization.of(DataType.INT8, 1e-10, -5);
        INDArray y = pooling.pool(new QuantizedAveragePool(window, false, wide, fine), x);
        assertThat(y.castTo(DataType.DOUBLE).dup('c').data().asDouble()).containsExactly(-128, 127);
        y = pooling.pool(new QuantizedMaxPool(window, fine, wide), x);
        assertThat(y.castTo(DataType.DOUBLE).dup('c').data().asDouble()).containsExactly(3, 3);
    }

    /** A window of padding and holes gives the real number 0. */
    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"BYTE", "UBYTE"})
    void emptyWindowsGiveTheZeroPoint(DataType type) {
        Quantization input = Quantization.of(type, 0.1, 100);
        Quantization output = Quantization.of(type, 0.2, 17);
        for (boolean last : new boolean[] {false, true}) {
            PoolingWindow window = PoolingWindow.builder(2, 2).stride(1, 1).padding(1, 1).dilation(2, 2)
                    .channelsLast(last).build();
            INDArray x = bytes(type, 1, last ? new long[] {1, 1, 1, 3} : new long[] {1, 3, 1, 1});
            for (Quantization out : new Quantization[] {input, output}) {
                for (INDArray y : new INDArray[] {
                    pooling.pool(new QuantizedMaxPool(window, input, out), x),
                    pooling.pool(new QuantizedAveragePool(window, false, input, out), x),
                    pooling.pool(new QuantizedSoftPool(window, input, out), x)}) {
                    assertThat(y.length()).isEqualTo(3);
                    assertThat(y.castTo(DataType.DOUBLE).dup('c').data().asDouble()).containsOnly(out.zeroPoint(0));
                }
            }
        }
    }

    @Test
    void sameBitsForAnyNumberOfThreads() {
        Nd4j.getBackend(); // NativeOpsHolder works only after ND4J has started
        NativeOps nd4j = NativeOpsHolder.getInstance().getDeviceNativeOps();
        int threads = nd4j.ompGetMaxThreads();
        Quantization q = Quantization.of(DataType.UINT8, 0.02, 3);
        try {
            for (boolean last : new boolean[] {false, true}) {
                PoolingWindow window =
                        PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).channelsLast(last).build();
                INDArray x = bytes(DataType.UINT8, 9, last ? new long[] {3, 61, 83, 37} : new long[] {3, 37, 61, 83});
                nd4j.setOmpNumThreads(1);
                INDArray[] expected = all(window, q, x);
                for (int count : new int[] {2, 3, 8}) {
                    nd4j.setOmpNumThreads(count);
                    INDArray[] actual = all(window, q, x);
                    for (int i = 0; i < expected.length; i++) {
                        assertThat(actual[i]).as("result %d with %d threads", i, count).isEqualTo(expected[i]);
                    }
                }
            }
        } finally {
            nd4j.setOmpNumThreads(threads);
        }
    }

    private INDArray[] all(PoolingWindow window, Quantization q, INDArray x) {
        return new INDArray[] {
            pooling.pool(new QuantizedMaxPool(window, q), x), pooling.pool(new QuantizedAveragePool(window, q), x),
            pooling.pool(new QuantizedSoftPool(window, q), x),
            pooling.pool(new QuantizedAdaptiveAvgPool(window.channelsLast(), q, 5, 7), x)};
    }
}
