// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.oracle.OperatorOracle;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.WindowDraws;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.nd4j.linalg.api.buffer.DataType;

/** Runs of an operator whose configuration, sizes, order of axes, memory layouts and element type are drawn. */
public final class RandomCases {

    private RandomCases() {}

    /** Of any type of the operator. */
    static Stream<OperatorRun> of(PoolingOperator operator, int seed, int count) {
        return of(operator, new ArrayList<>(operator.dataTypes()), seed, count);
    }

    /**
     * Runs of one type.
     *
     * @param operator the operator
     * @param type the type
     * @param seed the same seed gives the same cases
     * @param count how many
     * @return the runs
     */
    public static Stream<OperatorRun> of(PoolingOperator operator, DataType type, int seed, int count) {
        return of(operator, Collections.singletonList(type), seed, count);
    }

    private static Stream<OperatorRun> of(PoolingOperator operator, List<DataType> types, int seed, int count) {
        Random random = new Random(seed);
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
