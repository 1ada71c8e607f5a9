// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Kernel, stride, padding, dilation, border mode, sizes, order of axes, memory layouts and element type drawn at
 * random, with fixed seeds; the message of a failure is the whole case.
 */
@ForEachOperator
class RandomGeometryTest {

    private static final int CASES = 500; // per number of dimensions

    private final PoolingOperator operator;

    RandomGeometryTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> cases() {
        return operator.dimensions().stream()
                .map(dimensions -> DynamicTest.dynamicTest(
                        dimensions + "-D", () -> cases(operator, dimensions, CASES).forEach(c -> c.check(operator))));
    }

    static Stream<WindowCase> cases(PoolingOperator operator, int dimensions, int count) {
        Random random = new Random(dimensions);
        List<DataType> types = new ArrayList<>(operator.dataTypes());
        return IntStream.range(0, count).mapToObj(i -> draw(random, dimensions, pick(random, types)));
    }

    private static WindowCase draw(Random random, int dimensions, DataType type) {
        BorderMode mode = pick(random, Arrays.asList(BorderMode.values()));
        int[] kernel = new int[dimensions];
        int[] stride = new int[dimensions];
        int[] padding = new int[dimensions];
        int[] dilation = new int[dimensions];
        int[] shape = new int[dimensions + 2];
        shape[0] = 1 + random.nextInt(3);
        shape[1] = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 5);
        for (int a = 0; a < dimensions; a++) {
            kernel[a] = 1 + random.nextInt(5);
            stride[a] = 1 + random.nextInt(6);
            dilation[a] = 1 + random.nextInt(3);
            int extent = dilation[a] * (kernel[a] - 1) + 1;
            padding[a] = mode == BorderMode.SAME ? 0 : random.nextInt(Math.min(extent, 5));
            int least = mode == BorderMode.SAME ? 1 : Math.max(1, extent - 2 * padding[a]);
            int steps = random.nextInt(a == dimensions - 1 ? 20 : 6 - dimensions);
            shape[a + 2] = mode == BorderMode.STRICT
                    ? extent - 2 * padding[a] + stride[a] * steps
                    : least + random.nextInt(stride[a]) + stride[a] * steps;
            while (shape[a + 2] < 1) {
                shape[a + 2] += stride[a];
            }
        }
        PoolingWindow window = PoolingWindow.builder(kernel)
                .stride(stride)
                .padding(padding)
                .dilation(dilation)
                .borderMode(mode)
                .channelsLast(random.nextBoolean())
                .build();
        return new WindowCase(window, type, shape)
                .layouts(layout(random), layout(random), layout(random));
    }

    private static ArrayLayout layout(Random random) {
        return random.nextBoolean() ? ArrayLayout.DENSE : pick(random, Arrays.asList(ArrayLayout.values()));
    }

    private static <T> T pick(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
