// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Maps, windows and numbers of channels that are larger than what kernels work on at once, so that they have to cut
 * them into tiles, and enough work for several threads.
 */
@ForEachWindowOperator
class LargeMapTest {

    private final PoolingOperator operator;

    LargeMapTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> maps() {
        return (RowLengthTest.isThorough(operator) ? cases() : Stream.<WindowCase>empty())
                .map(c -> DynamicTest.dynamicTest(c.toString(), () -> c.check(operator)));
    }

    static Stream<WindowCase> cases() {
        return Stream.of(
                new WindowCase(PoolingWindow.builder(3).stride(2).build(), DataType.FLOAT, 1, 1, 200_003),
                new WindowCase(
                        PoolingWindow.builder(4).stride(1).borderMode(BorderMode.SAME).build(),
                        DataType.DOUBLE, 1, 1, 150_001),
                new WindowCase(PoolingWindow.builder(3, 3).stride(2, 2).build(), DataType.FLOAT, 1, 2, 301, 299),
                new WindowCase(PoolingWindow.builder(3, 3).stride(1, 1).padding(1, 1).build(),
                        DataType.FLOAT, 1, 1, 307, 311),
                new WindowCase(PoolingWindow.builder(5, 4).stride(1, 2).dilation(7, 3).build(),
                        DataType.FLOAT, 1, 1, 300, 300),
                new WindowCase(PoolingWindow.builder(2, 2).build(), DataType.FLOAT, 8, 16, 56, 56),
                new WindowCase(PoolingWindow.builder(64, 64).build(), DataType.FLOAT, 2, 3, 64, 64),
                new WindowCase(PoolingWindow.builder(40, 40).stride(3, 3).build(), DataType.DOUBLE, 1, 1, 64, 64),
                new WindowCase(PoolingWindow.builder(3, 3, 3).stride(2, 2, 2).build(), DataType.FLOAT, 1, 1, 61, 59,
                        57),
                new WindowCase(PoolingWindow.builder(2, 3, 2).stride(1, 1, 1).build(), DataType.FLOAT, 1, 1, 37, 41,
                        43),
                // Windows much larger than the map, and windows that hold one element or none.
                new WindowCase(
                        PoolingWindow.builder(100_003).stride(1).borderMode(BorderMode.SAME).build(),
                        DataType.FLOAT, 1, 2, 37),
                new WindowCase(
                        PoolingWindow.builder(3, 3).stride(1, 2).dilation(1000, 1000).borderMode(BorderMode.SAME)
                                .build(),
                        DataType.FLOAT, 1, 2, 19, 37),
                new WindowCase(
                        PoolingWindow.builder(2, 2).stride(1, 1).padding(3, 3).dilation(6, 6).build(),
                        DataType.FLOAT, 1, 2, 2, 37),
                new WindowCase(PoolingWindow.builder(2).padding(2).dilation(4).build(), DataType.FLOAT, 1, 20, 1),
                channelsLast(300, 3, 1, 23, 19),
                channelsLast(513, 2, 2, 9, 8),
                channelsLast(256, 3, 2, 40, 41),
                channelsLast(3, 3, 2, 150, 151),
                new WindowCase(
                        PoolingWindow.builder(3).stride(1).channelsLast(true).build(), DataType.FLOAT, 1, 5, 60_001),
                new WindowCase(
                        PoolingWindow.builder(3, 3, 3).stride(2, 1, 2).channelsLast(true).build(),
                        DataType.FLOAT, 1, 33, 21, 20, 19));
    }

    private static WindowCase channelsLast(int channels, int kernel, int stride, int height, int width) {
        PoolingWindow window = PoolingWindow.builder(kernel, kernel)
                .stride(stride, stride)
                .channelsLast(true)
                .build();
        return new WindowCase(window, DataType.FLOAT, 2, channels, height, width);
    }
}
