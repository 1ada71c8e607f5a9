// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.ForEachOperator;
import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.family.RandomCases;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.kernel.ComputeDevices;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Random;
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

    private static final int CASES = 8; // of a type
    private static final int TERMS = 100;

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
            PlainArray[] expected = run.outputs();
            PlainArray yGradient = PlainArray.gaussian(new Random(5), 1, expected[0].shape()).roundedTo(type);
            PlainArray[] expectedGradients = run.gradients(yGradient);
            ComputeDevices.use("cuda");
            compare("output", run.outputs(), expected, run, type);
            compare("gradient", run.gradients(yGradient), expectedGradients, run, type);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(run + ": " + e.getMessage(), e);
        }
    }

    private static void compare(
            String name, PlainArray[] actual, PlainArray[] expected, OperatorRun run, DataType type) {
        for (int i = 0; i < expected.length; i++) {
            double magnitude = Math.max(1, expected[i].largestMagnitude()) * run.errorFactor();
            Comparison.assertClose(
                    name + " " + i, actual[i], expected[i], Comparison.roundingErrors(type, TERMS, magnitude));
        }
    }
}
