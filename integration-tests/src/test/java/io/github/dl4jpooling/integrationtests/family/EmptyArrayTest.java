// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** No examples, or no channels: an empty result of the right shape. */
@ForEachWindowOperator
class EmptyArrayTest {

    private final PoolingOperator operator;

    EmptyArrayTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> empty() {
        return operator.dataTypes().stream().flatMap(type -> Stream.of(
                test("no example", type, false, new long[] {0, 3, 8, 6}, 0, 3, 4, 3),
                test("no channel", type, false, new long[] {2, 0, 8, 6}, 2, 0, 4, 3),
                test("neither", type, false, new long[] {0, 0, 8, 6}, 0, 0, 4, 3),
                test("no example", type, true, new long[] {0, 8, 6, 3}, 0, 4, 3, 3),
                test("no channel", type, true, new long[] {2, 8, 6, 0}, 2, 4, 3, 0)));
    }

    private DynamicTest test(String name, DataType type, boolean channelsLast, long[] shape, long... outputShape) {
        String order = channelsLast ? " (channels last)" : "";
        return DynamicTest.dynamicTest(type + ", " + name + order, () -> {
            PoolingWindow window =
                    PoolingWindow.builder(2, 2).channelsLast(channelsLast).build();
            INDArray x = Nd4j.create(type, shape);
            INDArray y = Conventions.pool(operator, x, window);
            INDArray xGradient = Conventions.gradient(operator, x, Nd4j.create(type, outputShape), window);

            assertThat(y.shape()).containsExactly(outputShape);
            assertThat(y.dataType()).isEqualTo(type);
            assertThat(xGradient.shape()).containsExactly(shape);
            assertThat(xGradient.dataType()).isEqualTo(type);
        });
    }
}
