// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.oracle.OperatorOracle;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The gradients of every differentiable input are the derivatives of the forward pass, whatever the oracle says:
 * central differences of the kernels in double, at some elements of every input. Where the function has a kink
 * within a step, the element is left out.
 */
@ForEachOperator
class GradientCheckTest {

    private static final int CASES = 12;
    private static final int ELEMENTS = 10; // of an input
    private static final double STEP = 1e-5;
    private static final double KINK = 1e-3;
    private static final double RELATIVE = 1e-5;
    private static final double ABSOLUTE = 1e-8; // where the derivative itself is that small

    private final PoolingOperator operator;

    GradientCheckTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> centralDifferences() {
        OperatorOracle oracle = Conventions.oracle(operator);
        return IntStream.range(0, CASES).mapToObj(seed -> {
            OracleCase drawn = oracle.draw(new Random(1000 + seed));
            return DynamicTest.dynamicTest(drawn.toString(), () -> check(oracle, drawn));
        });
    }

    private static void check(OperatorOracle oracle, OracleCase drawn) {
        Random random = new Random(1);
        OperatorRun run = new OperatorRun(oracle, drawn, DataType.DOUBLE);
        PlainArray yGradient = PlainArray.gaussian(random, 1, run.outputs()[0].shape());
        PlainArray[] gradients = run.gradients(yGradient);
        double here = loss(oracle, drawn, yGradient);
        for (int input = 0; input < gradients.length; input++) {
            double[] values = drawn.inputs()[input].values();
            PlainArray expected = PlainArray.zeros(gradients[input].shape());
            System.arraycopy(gradients[input].values(), 0, expected.values(), 0, values.length);
            for (int i = 0; i < Math.min(ELEMENTS, values.length); i++) {
                int at = random.nextInt(values.length);
                if (!oracle.isContinuous(drawn.op(), input, at)) {
                    continue;
                }
                double value = values[at];
                values[at] = value + STEP;
                double above = (loss(oracle, drawn, yGradient) - here) / STEP;
                values[at] = value - STEP;
                double below = (here - loss(oracle, drawn, yGradient)) / STEP;
                values[at] = value;
                if (Math.abs(above - below) <= KINK * (1 + Math.abs(above))) {
                    expected.values()[at] = (above + below) / 2;
                }
            }
            double magnitude = yGradient.largestMagnitude() * oracle.errorFactor();
            Comparison.assertClose(
                    "gradient of the " + drawn.op().inputNames().get(input), gradients[input], expected,
                    v -> RELATIVE * Math.abs(v) + ABSOLUTE * (1 + magnitude));
        }
    }

    private static double loss(OperatorOracle oracle, OracleCase drawn, PlainArray yGradient) {
        double[] y = new OperatorRun(oracle, drawn, DataType.DOUBLE).outputs()[0].values();
        double sum = 0;
        for (int i = 0; i < y.length; i++) {
            sum += y[i] * yGradient.values()[i];
        }
        return sum;
    }
}
