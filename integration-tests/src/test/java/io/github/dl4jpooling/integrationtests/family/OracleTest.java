// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.oracle.OperatorOracle;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.WindowDraws;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;

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
                "group " + group, () -> cases(operator, group, CASES).forEach(OperatorRun::check)));
    }

    static Stream<OperatorRun> cases(PoolingOperator operator, int seed, int count) {
        Random random = new Random(seed);
        List<DataType> types = new ArrayList<>(operator.dataTypes());
        OperatorOracle oracle = Conventions.oracle(operator);
        return IntStream.range(0, count).mapToObj(i -> {
            OracleCase drawn = oracle.draw(random);
            return new OperatorRun(oracle, drawn, WindowDraws.pick(random, types))
                    .layouts(layout(random), layout(random), layout(random));
        });
    }

    private static ArrayLayout layout(Random random) {
        return random.nextBoolean()
                ? ArrayLayout.DENSE
                : WindowDraws.pick(random, Arrays.asList(ArrayLayout.values()));
    }
}
