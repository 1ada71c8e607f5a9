// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Arrays;
import java.util.stream.Collectors;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.GenerationMode;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;

/**
 * Calls operators and their gradients with what nobody should pass, by way of every public door: a call ends in a right
 * answer or in an exception that says what was wrong, and never ends the JVM.
 */
class HostileOperatorTest {

    private static final int SHORT = 2500;
    private static final int LONG = 100_000;
    private static final CallLog LOG = new CallLog("hostile-operators");

    @Property(tries = SHORT, seed = "20261130", shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE,
            generation = GenerationMode.RANDOMIZED)
    void calls(@ForAll PoolingOperator operator, @ForAll long seed, @ForAll @IntRange(max = 3) int changes) {
        call(operator, seed, changes);
    }

    /** With seeds that differ from run to run, which the report holds. */
    @Property(tries = LONG, shrinking = ShrinkingMode.OFF, edgeCases = EdgeCasesMode.NONE,
            generation = GenerationMode.RANDOMIZED)
    @Tag("long")
    void manyCalls(@ForAll PoolingOperator operator, @ForAll long seed, @ForAll @IntRange(max = 3) int changes) {
        call(operator, seed, changes);
    }

    private static void call(PoolingOperator operator, long seed, int changes) {
        LOG.make(operator.name(), new OperatorCall(operator, seed, changes, LOG::begin));
    }

    @AfterContainer
    static void report() {
        LOG.check(Arrays.stream(PoolingOperator.values()).map(Enum::name).collect(Collectors.toList()));
    }
}
