// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;

/** NaN, infinities and values of extreme size, strewn over maps so that vectors hold some of each kind. */
@ForEachWindowOperator
class SpecialValuesTest {

    private static final int[] SHAPE = {2, 3, 11, 71};
    private static final double NONE = 0; // stands for an ordinary value
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    // The last window leaves columns out: what stands there must not matter.
    private static final List<PoolingWindow> WINDOWS = Arrays.asList(
            PoolingWindow.builder(2, 2).build(),
            PoolingWindow.builder(3, 3).stride(1, 1).padding(1, 1).build(),
            PoolingWindow.builder(3, 3).stride(2, 2).borderMode(BorderMode.CEIL).build(),
            PoolingWindow.builder(2, 4).stride(1, 3).channelsLast(true).build(),
            PoolingWindow.builder(2, 2).stride(3, 3).build());

    private final PoolingOperator operator;

    SpecialValuesTest(PoolingOperator operator) {
        this.operator = operator;
    }

    /** A window that holds a NaN gives NaN, others do not notice it. */
    @TestFactory
    Stream<DynamicTest> nanReachesItsWindowsOnly() {
        return everyWindow((window, type) -> {
            PlainArray x = strew(new Random(3), new double[] {NAN, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE});
            INDArray input = x.roundedTo(type).toArray(type, window.channelsLast());
            INDArray replaced = input.dup();
            BooleanIndexing.replaceWhere(replaced, 1, Conditions.isNan());
            INDArray y = Conventions.pool(operator, input, window);
            INDArray without = Conventions.pool(operator, replaced, window);
            INDArray counts = Conventions.pool(PoolingOperator.MIN_POOL, input, window);
            double[] values = PlainArray.of(y, false).values();
            double[] expected = PlainArray.of(without, false).values();
            double[] marks = PlainArray.of(counts, false).values();
            for (int i = 0; i < values.length; i++) {
                assertThat(values[i])
                        .isEqualTo(Double.isNaN(marks[i]) ? Double.valueOf(NAN) : Double.valueOf(expected[i]));
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> nan() {
        return strewn(NAN, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE);
    }

    @TestFactory
    Stream<DynamicTest> negativeInfinity() {
        return strewn(-INFINITY, NONE, NONE, NONE);
    }

    @TestFactory
    Stream<DynamicTest> hardlyAnythingButNegativeInfinity() {
        return strewn(-INFINITY, -INFINITY, -INFINITY, -INFINITY, -INFINITY, NONE);
    }

    @TestFactory
    Stream<DynamicTest> positiveInfinity() {
        return strewn(INFINITY, NONE, NONE, NONE, NONE, NONE);
    }

    @TestFactory
    Stream<DynamicTest> everything() {
        return strewn(NAN, INFINITY, INFINITY, -INFINITY, -INFINITY, -INFINITY, NONE, NONE, NONE, NONE);
    }

    private Stream<DynamicTest> strewn(double... choices) {
        if (!Conventions.windowOracle(operator).definesInfinities()) {
            return Stream.empty();
        }
        return everyWindow((window, type) -> check(window, type, strew(new Random(3), choices)));
    }

    /** So small that half holds them as subnormal numbers. */
    @TestFactory
    Stream<DynamicTest> tiny() {
        return everyWindow((window, type) -> check(window, type, PlainArray.gaussian(new Random(6), 1e-6, SHAPE)));
    }

    private Stream<DynamicTest> everyWindow(BiConsumer<PoolingWindow, DataType> check) {
        return operator.dataTypes().stream().flatMap(type -> WINDOWS.stream()
                .map(window -> DynamicTest.dynamicTest(type + " " + window, () -> check.accept(window, type))));
    }

    private void check(PoolingWindow window, DataType type, PlainArray x) {
        new WindowCase(window, type, SHAPE).check(operator, x.roundedTo(type));
    }

    private static PlainArray strew(Random random, double[] choices) {
        PlainArray result = PlainArray.gaussian(random, 2, SHAPE);
        for (int i = 0; i < result.values().length; i++) {
            double choice = choices[random.nextInt(choices.length)];
            result.values()[i] = choice == NONE ? result.values()[i] : choice;
        }
        return result;
    }

    /** A window without NaN and infinity never gives one. */
    @TestFactory
    Stream<DynamicTest> finiteStaysFinite() {
        return operator.dataTypes().stream().flatMap(type -> extremes(type)
                .flatMap(extreme -> WINDOWS.stream()
                        .map(window -> DynamicTest.dynamicTest(
                                type + " up to " + extreme + " " + window, () -> checkFinite(window, type, extreme)))));
    }

    private Stream<Double> extremes(DataType type) {
        double largest = largest(type);
        double most = Conventions.windowOracle(operator).largestElement(largest);
        return Stream.of(1e3, 1e30, 1e300, largest / 3, largest).filter(extreme -> extreme <= most);
    }

    private static double largest(DataType type) {
        switch (type) {
            case DOUBLE:
                return Double.MAX_VALUE;
            case FLOAT:
                return Float.MAX_VALUE;
            case BFLOAT16:
                return Math.scalb(255.0, 120);
            default:
                return 65504;
        }
    }

    private void checkFinite(PoolingWindow window, DataType type, double extreme) {
        double[] choices = {extreme, -extreme, extreme, -extreme, extreme / 2, -extreme / 3, 1, NONE, 1e-30, -1e-300};
        PlainArray x = strew(new Random(5), choices).roundedTo(type);
        INDArray input = x.toArray(type, window.channelsLast());
        INDArray y = Conventions.pool(operator, input, window);
        INDArray ones = y.ulike().assign(1);
        PlainArray output = PlainArray.of(y, window.channelsLast());
        PlainArray gradient =
                PlainArray.of(Conventions.gradient(operator, input, ones, window), window.channelsLast());

        assertThat(Arrays.stream(output.values()).allMatch(Double::isFinite)).isTrue();
        if (Conventions.windowOracle(operator).hasBoundedGradients()) {
            assertThat(Arrays.stream(gradient.values()).allMatch(Double::isFinite)).isTrue();
        }
    }
}
