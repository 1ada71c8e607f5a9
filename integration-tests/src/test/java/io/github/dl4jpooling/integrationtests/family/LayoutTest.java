// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nd4j.linalg.indexing.NDArrayIndex.all;
import static org.nd4j.linalg.indexing.NDArrayIndex.interval;
import static org.nd4j.linalg.indexing.NDArrayIndex.point;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowInput;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Every memory layout of input, gradient and output with every other. */
@ForEachWindowOperator
class LayoutTest {

    private static final int[] KERNEL = {2, 2, 3};
    private static final int[] STRIDE = {1, 2, 2};
    private static final int[] PADDING = {1, 0, 1};
    private static final int[] SIZES = {3, 5, 37};

    private final PoolingOperator operator;

    LayoutTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> layouts() {
        return operator.dimensions().stream()
                .filter(dimensions -> RowLengthTest.isThorough(operator))
                .flatMap(dimensions -> Stream.of(
                        window(dimensions, false),
                        window(dimensions, true),
                        windowsSideBySide(dimensions, false),
                        windowsSideBySide(dimensions, true)))
                .map(window -> DynamicTest.dynamicTest(window.toString(), () -> checkLayouts(window)));
    }

    private void checkLayouts(PoolingWindow window) {
        int[] shape = new int[window.dimensions() + 2];
        shape[0] = 2;
        shape[1] = 18;
        System.arraycopy(last(SIZES, window.dimensions()), 0, shape, 2, window.dimensions());
        OperatorRun single = new WindowCase(window, DataType.FLOAT, shape).run(operator);
        OperatorRun half = new WindowCase(window, DataType.FLOAT16, shape).run(operator);
        for (ArrayLayout input : ArrayLayout.values()) {
            for (ArrayLayout output : ArrayLayout.values()) {
                // The gradient of the output takes the layout of the one array and then of the other.
                single.layouts(input, input, output).check();
                half.layouts(input, output, output).check();
            }
        }
    }

    private static PoolingWindow window(int dimensions, boolean channelsLast) {
        return PoolingWindow.builder(last(KERNEL, dimensions))
                .stride(last(STRIDE, dimensions))
                .padding(last(PADDING, dimensions))
                .channelsLast(channelsLast)
                .build();
    }

    /** The most common windows, for which kernels may have code of their own. */
    private static PoolingWindow windowsSideBySide(int dimensions, boolean channelsLast) {
        return PoolingWindow.builder(last(new int[] {1, 2, 2}, dimensions))
                .channelsLast(channelsLast)
                .build();
    }

    private static int[] last(int[] numbers, int count) {
        return Arrays.copyOfRange(numbers, numbers.length - count, numbers.length);
    }

    /** An input that repeats one example along the batch without copying it: stride 0. */
    @Test
    void repeatedInput() {
        PoolingWindow window = window(2, false);
        INDArray one = Nd4j.randn(DataType.FLOAT, 1, 3, 6, 21);
        long[] stride = one.stride().clone();
        stride[0] = 0;
        INDArray repeated = Nd4j.create(one.data(), new long[] {4, 3, 6, 21}, stride, 0, 'c');
        INDArray dense = Nd4j.tile(one, 4, 1, 1, 1);
        INDArray expected = Conventions.pool(operator, dense, window);
        long[] ofOne = expected.shape().clone();
        ofOne[0] = 1;
        INDArray gradient = Nd4j.tile(Nd4j.randn(DataType.FLOAT, ofOne), 4, 1, 1, 1);
        INDArray expectedGradient = Conventions.gradient(operator, dense, gradient, window);

        INDArray y = Conventions.pool(operator, repeated, window);
        INDArray xGradient = Conventions.gradient(operator, repeated, gradient, window);

        Comparison.assertSameBits("output", y, expected);
        Comparison.assertSameBits("gradient", xGradient, expectedGradient);
        // Where an example has further inputs of its own, only the dense copy tells what is right.
        boolean alike = Conventions.op(operator, window).furtherInputs().stream().allMatch(WindowInput::isWeight);
        for (int i = 0; i < 4 && alike; i++) {
            Comparison.assertSameBits("output", y.slice(i), expected.slice(0));
            Comparison.assertSameBits("gradient", xGradient.slice(i), expectedGradient.slice(0));
        }
    }

    /** Views as ND4J makes them. */
    @TestFactory
    Stream<DynamicTest> viewsOfNd4j() {
        INDArray array = Nd4j.randn(DataType.DOUBLE, 6, 7, 8, 41);
        Map<String, INDArray> views = new LinkedHashMap<>();
        views.put("interval", array.get(all(), interval(1, 6), interval(0, 2, 8), interval(3, 40)));
        views.put("f order", array.dup('f'));
        views.put("permuted", array.permute(3, 2, 1, 0));
        views.put("slice", Nd4j.randn(DataType.DOUBLE, 3, 6, 7, 8, 41).slice(2));
        views.put("point", Nd4j.randn(DataType.DOUBLE, 6, 7, 8, 41, 3).get(all(), all(), all(), all(), point(1)));
        views.put("transposed interval", array.get(interval(2, 5), all(), all(), interval(1, 21)).permute(1, 0, 3, 2));
        return views.entrySet().stream().map(view -> DynamicTest.dynamicTest(view.getKey(), () -> {
            PoolingWindow window = window(2, false);
            INDArray dense = view.getValue().dup('c');
            INDArray expected = Conventions.pool(operator, dense, window);
            INDArray gradient = Nd4j.randn(DataType.DOUBLE, expected.shape());

            assertThat(Conventions.pool(operator, view.getValue(), window).equalsWithEps(expected, 1e-12))
                    .isTrue();
            assertThat(Conventions.gradient(operator, view.getValue(), gradient.dup('f'), window)
                    .equalsWithEps(Conventions.gradient(operator, dense, gradient, window), 1e-12))
                            .isTrue();
        }));
    }

    /** The layouts are what they say: other strides for the same values, and memory around them that is watched. */
    @TestFactory
    Stream<DynamicTest> layoutsOfTheTester() {
        PlainArray numbers = PlainArray.gaussian(new Random(1), 1, 2, 3, 4, 5);
        INDArray dense = numbers.toArray(DataType.DOUBLE, true);
        return Arrays.stream(ArrayLayout.values()).map(layout -> DynamicTest.dynamicTest(layout.name(), () -> {
            GuardedArray copy = layout.copy(numbers, DataType.DOUBLE, true);
            Comparison.assertSameBits("copy", copy.array(), dense);
            assertThat(Arrays.equals(copy.array().stride(), dense.stride())).isEqualTo(layout == ArrayLayout.DENSE);
            assertThat(copy.read().values()).containsExactly(numbers.values());
            copy.array().data().originalDataBuffer().put(0, 0.0);
            assertThatThrownBy(copy::read).isInstanceOf(AssertionError.class);
        }));
    }
}
