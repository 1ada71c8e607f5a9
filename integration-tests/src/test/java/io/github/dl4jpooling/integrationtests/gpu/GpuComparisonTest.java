// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.ForEachOperator;
import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.family.RandomCases;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.kernel.ComputeDevices;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Every operator on the GPU against the CPU, forward and every gradient, in every element type: configurations, sizes,
 * orders of axes and memory layouts drawn at random. What was drawn at random inside an operator must be the same.
 */
@OnGpu
@ForEachOperator
class GpuComparisonTest {

    private static final int CASES = 4; // of a type
    private static final int TERMS = 100;
    private static final double FACTOR = 8;

    private final PoolingOperator operator;

    GpuComparisonTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> types() {
        return operator.dataTypes().stream().map(type -> DynamicTest.dynamicTest(
                type.toString(), () -> RandomCases.of(operator, type, 77, CASES).forEach(run -> compare(run, type))));
    }

    private static void compare(OperatorRun run, DataType type) {
        try {
            ComputeDevices.use("cpu");
            PlainArray[] onCpu = run.outputs();
            PlainArray yGradient = PlainArray.gaussian(new Random(5), 1, onCpu[0].shape()).roundedTo(type);
            PlainArray[] gradientsOnCpu = run.gradients(yGradient);
            PlainArray[] exact = run.in(DataType.DOUBLE).outputs();
            PlainArray[] exactGradients = run.in(DataType.DOUBLE).gradients(yGradient);
            ComputeDevices.use("cuda");
            compare("output", run.outputs(), onCpu, exact, run, type);
            compare("gradient", run.gradients(yGradient), gradientsOnCpu, exactGradients, run, type);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(run + ": " + e.getMessage(), e);
        }
    }

    /** Both round: where the CPU's error is large, as beside a pole, the GPU's may be so too. */
    private static void compare(
            String name,
            PlainArray[] onGpu,
            PlainArray[] onCpu,
            PlainArray[] exact,
            OperatorRun run,
            DataType type) {
        for (int i = 0; i < onCpu.length; i++) {
            double magnitude = Math.max(1, onCpu[i].largestMagnitude()) * run.errorFactor();
            DoubleUnaryOperator rounding = Comparison.roundingErrors(type, TERMS, magnitude);
            for (int n = 0; n < onCpu[i].values().length; n++) {
                double expected = onCpu[i].values()[n];
                double actual = onGpu[i].values()[n];
                double error = Math.abs(expected - exact[i].values()[n]);
                boolean chosen = name.equals("output") && run.isOfWholeNumbers(i); // an index, or a count
                double allowed =
                        chosen ? 0 : 2 * rounding.applyAsDouble(expected) + (error > 0 ? FACTOR * error : 0);
                boolean same = Double.compare(actual, expected) == 0;
                if (!same && !(Double.isFinite(expected) && Math.abs(actual - expected) <= allowed)) {
                    throw new AssertionError(name + " " + i + Arrays.toString(onCpu[i].index(n)) + " is " + actual
                            + ", on the CPU " + expected + ", in double " + exact[i].values()[n] + ", allowed "
                            + allowed);
                }
            }
        }
    }
}
