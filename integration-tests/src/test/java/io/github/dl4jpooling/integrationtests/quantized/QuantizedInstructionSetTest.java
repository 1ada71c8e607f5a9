// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.quantized;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.ForkedJvm;
import io.github.dl4jpooling.kernel.CpuKernels;
import io.github.dl4jpooling.kernel.InstructionSet;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;

/** Kernels of 8-bit numbers for lesser processors than this one. The choice is made once a JVM. */
class QuantizedInstructionSetTest {

    @TestFactory
    Stream<DynamicTest> others() {
        return Arrays.stream(InstructionSet.values())
                .filter(set -> set.compareTo(CpuKernels.bestInstructionSet()) < 0)
                .map(set -> DynamicTest.dynamicTest(set.name(), () -> assertThat(ForkedJvm.run(
                        Cases.class,
                        Collections.singletonList("-D" + CpuKernels.INSTRUCTION_SET_PROPERTY + "="
                                + set.name().toLowerCase())))
                                        .contains(set + " passed")));
    }

    /** What runs in the other JVM. */
    public static final class Cases {

        private static final int CASES = 60; // of an operator and type

        private Cases() {}

        public static void main(String[] arguments) {
            Random random = new Random(11);
            for (PoolingOperator operator : QuantizedCase.FLOAT_FORMS) {
                for (DataType type : new DataType[] {DataType.INT8, DataType.UINT8}) {
                    for (int i = 0; i < CASES; i++) {
                        QuantizedOpTest.check(QuantizedCase.draw(operator, type, random));
                    }
                }
            }
            System.out.println(CpuKernels.instructionSet() + " passed");
        }
    }
}
