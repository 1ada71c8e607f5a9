// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.ForkedJvm;
import io.github.dl4jpooling.kernel.CpuKernels;
import io.github.dl4jpooling.kernel.InstructionSet;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * The kernels of the instruction sets that are not the processor's best, against the oracle. They are chosen once a
 * JVM, hence the JVM for each.
 */
class InstructionSetTest {

    @Test
    void bestOneIsUsed() {
        assertThat(CpuKernels.instructionSet()).isEqualTo(CpuKernels.bestInstructionSet());
    }

    @TestFactory
    Stream<DynamicTest> others() {
        return Arrays.stream(InstructionSet.values())
                .filter(set -> set.compareTo(CpuKernels.bestInstructionSet()) < 0)
                .map(set -> DynamicTest.dynamicTest(set.name(), () -> assertThat(run(set.name().toLowerCase()))
                        .containsPattern("\\b" + set + " passed [1-9][0-9]+ cases")));
    }

    @Test
    void unknownOneIsRejected() {
        assertThatThrownBy(() -> run("sse9"))
                .hasMessageContaining("dl4jpooling.instructionSet")
                .hasMessageContaining("sse9")
                .hasMessageContaining(CpuKernels.bestInstructionSet().name().toLowerCase());
    }

    private static String run(String instructionSet) {
        return ForkedJvm.run(
                Cases.class,
                Collections.singletonList("-D" + CpuKernels.INSTRUCTION_SET_PROPERTY + "=" + instructionSet));
    }

    /** What runs in the other JVM. */
    public static final class Cases {

        private static final int RANDOM_CASES = 30;
        private static final int RANDOM_SEED = 99;

        private Cases() {}

        public static void main(String[] arguments) {
            long count = Operators.all().mapToLong(Cases::check).sum();
            System.out.println(CpuKernels.instructionSet() + " passed " + count + " cases");
        }

        private static long check(PoolingOperator operator) {
            long count = RandomCases.of(operator, RANDOM_SEED, RANDOM_CASES).peek(OperatorRun::check).mapToInt(c -> 1)
                    .sum();
            return Operators.hasWindow(operator) ? count + rows(operator) : count;
        }

        private static long rows(PoolingOperator operator) {
            Stream<WindowCase> cases = RowLengthTest.types(operator).flatMap(type -> Stream.concat(
                    RowLengthTest.windows().stream().flatMap(window -> RowLengthTest.rowsOfManyPlanes(window, type)),
                    IntStream.rangeClosed(3, 6).boxed()
                            .flatMap(kernel -> RowLengthTest.windowsSideBySide(kernel, type))));
            Stream<WindowCase> every = RowLengthTest.types(operator)
                    .filter(type -> RowLengthTest.isThorough(operator))
                    .flatMap(type -> Stream.concat(
                            RowLengthTest.windows().stream().flatMap(window -> RowLengthTest.rows(window, type)),
                            RowLengthTest.channels(type)));
            return Stream.concat(cases, every).peek(c -> c.check(operator)).mapToInt(c -> 1).sum();
        }
    }
}
