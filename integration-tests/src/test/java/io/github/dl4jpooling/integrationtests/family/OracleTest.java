// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * Configuration, sizes, order of axes, memory layouts and element type drawn at random, with fixed seeds, against the
 * oracle; the message of a failure is the whole case.
 */
@ForEachOperator
class OracleTest {

    private static final int GROUPS = 6;
    private static final int CASES = 25; // of a group

    private final PoolingOperator operator;

    OracleTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> cases() {
        return IntStream.range(0, GROUPS).mapToObj(group -> DynamicTest.dynamicTest(
                "group " + group, () -> RandomCases.of(operator, group, CASES).forEach(OperatorRun::check)));
    }
}
