// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Collections;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.validation.GradCheckUtil;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The gradient is the derivative of the forward pass, whatever the oracle says. */
@ForEachWindowOperator
class GradientCheckTest {

    private static final double STEP = 1e-5;
    private static final double RELATIVE = 1e-5;
    private static final double ABSOLUTE = 1e-8; // where the derivative itself is that small

    private final PoolingOperator operator;

    GradientCheckTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> centralDifferences() {
        return cases((window, shape) -> {
            Random random = new Random(1);
            PlainArray x = PlainArray.gaussian(random, 1, shape);
            INDArray input = x.toArray(DataType.DOUBLE, window.channelsLast());
            INDArray weights = PlainArray.gaussian(
                    random, 1, PlainArray.of(pool(x, window), window.channelsLast()).shape())
                    .toArray(DataType.DOUBLE, window.channelsLast());
            PlainArray gradient = PlainArray.of(
                    Conventions.gradient(operator, input, weights, window), window.channelsLast());
            PlainArray differences = PlainArray.zeros(shape);
            for (int i = 0; i < x.values().length; i++) {
                double value = x.values()[i];
                x.values()[i] = value + STEP;
                double above = pool(x, window).mul(weights).sumNumber().doubleValue();
                x.values()[i] = value - STEP;
                double below = pool(x, window).mul(weights).sumNumber().doubleValue();
                x.values()[i] = value;
                differences.values()[i] = (above - below) / (2 * STEP);
            }
            Comparison.assertClose(
                    "gradient", gradient, differences, value -> RELATIVE * Math.abs(value) + ABSOLUTE);
        });
    }

    private INDArray pool(PlainArray x, PoolingWindow window) {
        return Conventions.pool(operator, x.toArray(DataType.DOUBLE, window.channelsLast()), window);
    }

    @TestFactory
    Stream<DynamicTest> sameDiff() {
        return cases((window, shape) -> Doubles.byDefault(() -> {
            SameDiff graph = SameDiff.create();
            PlainArray x = PlainArray.gaussian(new Random(2), 1, shape);
            SDVariable input = graph.var("x", x.toArray(DataType.DOUBLE, window.channelsLast()));
            SDVariable y = Conventions.pool(operator, graph, "y", input, window);
            y.mul(y).sum("loss");
            graph.setLossVariables("loss");

            boolean right = GradCheckUtil.checkGradients(
                    graph, Collections.emptyMap(), STEP, RELATIVE, ABSOLUTE, false, false);
            assertThat(right).isTrue();
        }));
    }

    private interface Check {
        void run(PoolingWindow window, int... shape);
    }

    private Stream<DynamicTest> cases(Check check) {
        return Stream.of(
                test(PoolingWindow.builder(3).stride(2).padding(1).build(), check, 2, 2, 9),
                test(PoolingWindow.builder(2).channelsLast(true).build(), check, 2, 3, 6),
                test(PoolingWindow.builder(2, 2).build(), check, 2, 2, 6, 6),
                test(PoolingWindow.builder(3, 2)
                        .stride(1, 2)
                        .padding(1, 1)
                        .dilation(2, 1)
                        .channelsLast(true)
                        .build(), check, 1, 3, 6, 5),
                test(PoolingWindow.builder(3, 3)
                        .stride(2, 2)
                        .borderMode(BorderMode.SAME)
                        .build(), check, 1, 2, 6, 5),
                test(PoolingWindow.builder(3, 3)
                        .stride(2, 2)
                        .borderMode(BorderMode.CEIL)
                        .build(), check, 1, 1, 6, 8),
                test(PoolingWindow.builder(2, 2, 2)
                        .stride(1, 2, 1)
                        .padding(0, 1, 1)
                        .build(), check, 1, 2, 3, 4, 3),
                test(PoolingWindow.builder(2, 3, 2)
                        .channelsLast(true)
                        .borderMode(BorderMode.SAME)
                        .build(), check, 1, 2, 3, 4, 3))
                .filter(test -> test != null);
    }

    private DynamicTest test(PoolingWindow window, Check check, int... shape) {
        return operator.dimensions().contains(window.dimensions())
                ? DynamicTest.dynamicTest(window.toString(), () -> check.run(window, shape))
                : null;
    }
}
