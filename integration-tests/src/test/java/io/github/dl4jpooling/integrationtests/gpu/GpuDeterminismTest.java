// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.gpu;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.ForEachOperator;
import io.github.dl4jpooling.integrationtests.family.RandomCases;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;

/** Outputs and gradients have the same bits whatever the order in which a GPU runs its threads. */
@OnGpu
@ForEachOperator
class GpuDeterminismTest {

    private static final int CASES = 3; // of a type

    private final PoolingOperator operator;

    GpuDeterminismTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @AfterEach
    void orderAsBefore() {
        if (Stub.isThere()) {
            Stub.forget();
        }
    }

    @TestFactory
    Stream<DynamicTest> anyOrderGivesTheSameBits() {
        assumeTrue(Stub.isThere(), "only the stub driver changes the order when it is told to");
        return Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16).map(type -> DynamicTest.dynamicTest(
                type.toString(), () -> RandomCases.of(operator, type, 99, CASES).forEach(run -> {
                    PlainArray[] outputs = run.outputs();
                    PlainArray yGradient = PlainArray.gaussian(new Random(5), 1, outputs[0].shape()).roundedTo(type);
                    PlainArray[] gradients = run.gradients(yGradient);
                    Stub.tell("order=reverse");
                    compare(run + ": output ", run.outputs(), outputs);
                    compare(run + ": gradient ", run.gradients(yGradient), gradients);
                    Stub.tell("");
                })));
    }

    private static void compare(String name, PlainArray[] actual, PlainArray[] expected) {
        for (int i = 0; i < expected.length; i++) {
            Comparison.assertClose(name + i, actual[i], expected[i], value -> -1);
        }
    }
}
