// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Windows that overlap share the exponentials of their elements where these lie close together, and do not where they
 * lie far apart: both ways, and maps with a part of either kind, have the result of the definition.
 */
class OverlappingMeansTest {

    private static final double[] DEVIATIONS = {0.1, 2, 4, 50};

    private static final List<PoolingWindow> WINDOWS = List.of(
            PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build(),
            PoolingWindow.builder(3, 2).stride(1, 1).build(),
            PoolingWindow.builder(5, 4).stride(3, 2).padding(2, 0).build(),
            PoolingWindow.builder(2, 3).stride(1, 2).dilation(2, 3).build());

    @TestFactory
    Stream<DynamicTest> nearAndFarApart() {
        return Stream.of(PoolingOperator.SOFT_POOL, PoolingOperator.LIP_POOL).flatMap(operator -> WINDOWS.stream()
                .flatMap(window -> Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16)
                        .map(type -> DynamicTest.dynamicTest(operator + " " + type + " " + window, () -> {
                            for (double deviation : DEVIATIONS) {
                                check(operator, new WindowCase(window, type, 2, 3, 37, 35), deviation, false);
                            }
                            check(operator, new WindowCase(window, type, 2, 3, 37, 35), 1, true);
                        }))));
    }

    private static void check(PoolingOperator operator, WindowCase windows, double deviation, boolean hasOutlier) {
        PlainArray x = PlainArray.gaussian(new Random(7), deviation, 2, 3, 37, 35);
        if (hasOutlier) {
            x.values()[x.values().length - 40] = 100;
        }
        windows.check(operator, x);
    }
}
