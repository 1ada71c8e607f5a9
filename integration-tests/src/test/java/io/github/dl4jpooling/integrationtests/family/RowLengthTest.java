// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Every length of the vectorised axis up to more than four of the widest vectors: rows in channels-first arrays,
 * channels in channels-last ones. Kernels treat full vectors, tails and borders in different code.
 */
@ForEachWindowOperator
class RowLengthTest {

    private final PoolingOperator operator;

    RowLengthTest(PoolingOperator operator) {
        this.operator = operator;
    }

    /** One operator of each driver goes through every length; the others share its code. */
    static boolean isThorough(PoolingOperator operator) {
        return operator == PoolingOperator.SOFT_POOL || operator == PoolingOperator.MAX_POOL;
    }

    @TestFactory
    Stream<DynamicTest> rows() {
        if (!isThorough(operator)) {
            return Stream.empty();
        }
        return operator.dataTypes().stream().flatMap(type -> windows().stream()
                .map(window -> DynamicTest.dynamicTest(
                        type + " " + window, () -> rows(window, type).forEach(c -> c.check(operator)))));
    }

    @TestFactory
    Stream<DynamicTest> rowsOfManyPlanes() {
        return types(operator).flatMap(type -> windows().stream()
                .map(window -> DynamicTest.dynamicTest(
                        type + " " + window, () -> rowsOfManyPlanes(window, type).forEach(c -> c.check(operator)))));
    }

    @TestFactory
    Stream<DynamicTest> windowsSideBySide() {
        return types(operator).flatMap(type -> IntStream.rangeClosed(3, 6)
                .mapToObj(kernel -> DynamicTest.dynamicTest(
                        type + " " + kernel, () -> windowsSideBySide(kernel, type).forEach(c -> c.check(operator)))));
    }

    @TestFactory
    Stream<DynamicTest> channels() {
        if (!isThorough(operator)) {
            return Stream.empty();
        }
        return operator.dataTypes().stream()
                .map(type -> DynamicTest.dynamicTest(
                        type.toString(), () -> channels(type).forEach(c -> c.check(operator))));
    }

    /** The windows whose kernels have code of their own, and some that use the general code. */
    static List<PoolingWindow> windows() {
        List<PoolingWindow> windows = new ArrayList<>();
        for (int kernel = 2; kernel <= 3; kernel++) {
            for (int stride = 1; stride <= 3; stride++) {
                windows.add(PoolingWindow.builder(kernel, kernel).stride(stride, stride).build());
                windows.add(PoolingWindow.builder(kernel, kernel).stride(1, stride).padding(0, 1).build());
                windows.add(PoolingWindow.builder(2, kernel).stride(2, stride).dilation(1, 2).build());
                windows.add(PoolingWindow.builder(kernel, kernel)
                        .stride(stride, stride)
                        .borderMode(BorderMode.SAME)
                        .build());
            }
        }
        windows.add(PoolingWindow.builder(1, 1).stride(1, 2).build());
        return windows;
    }

    static Stream<WindowCase> rows(PoolingWindow window, DataType type) {
        int extent = window.dilation()[1] * (window.kernel()[1] - 1) + 1;
        int shortest = window.borderMode() == BorderMode.SAME ? 1 : Math.max(1, extent - 2 * window.padding()[1]);
        return Stream.iterate(shortest, width -> width <= 70, width -> width + 1)
                .map(width -> new WindowCase(window, type, 1, 2, 5, width));
    }

    /** All types of operators that are thorough, else those with vectors of their own. */
    static Stream<DataType> types(PoolingOperator operator) {
        return operator.dataTypes().stream()
                .filter(type -> isThorough(operator) || type == DataType.FLOAT || type == DataType.DOUBLE);
    }

    /** With enough planes for each thread to have its own. */
    static Stream<WindowCase> rowsOfManyPlanes(PoolingWindow window, DataType type) {
        return IntStream.of(5, 16, 27, 33, 48, 66)
                .mapToObj(width -> new WindowCase(window, type, 2, 8 + width % 2 * 4, 5, width));
    }

    /** Windows without gaps and overlaps, up to more than two of the widest vectors have lanes. */
    static Stream<WindowCase> windowsSideBySide(int kernel, DataType type) {
        return Stream.of(false, true)
                .map(last -> PoolingWindow.builder(1, kernel).channelsLast(last).build())
                .flatMap(window -> IntStream.of(1, 2, 7, 15, 16, 17, 33)
                        .map(windows -> windows * kernel + windows % kernel)
                        .mapToObj(width -> new WindowCase(window, type, 2, 19, 2, width)));
    }

    static Stream<WindowCase> channels(DataType type) {
        PoolingWindow overlapping = PoolingWindow.builder(3, 2)
                .stride(2, 1)
                .padding(1, 0)
                .channelsLast(true)
                .build();
        PoolingWindow sideBySide =
                PoolingWindow.builder(2, 2).channelsLast(true).build();
        return Stream.of(overlapping, sideBySide)
                .flatMap(window -> Stream.iterate(1, channels -> channels <= 70, channels -> channels + 1)
                        .map(channels -> new WindowCase(window, type, 2, channels, 5, 4)));
    }
}
