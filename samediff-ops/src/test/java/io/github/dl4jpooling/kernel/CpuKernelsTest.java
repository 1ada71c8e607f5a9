// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CpuKernelsTest {

    private final INDArray array = Nd4j.zeros(DataType.FLOAT, 2);

    /** InstructionSet and native_api.cpp list the sets in the same order. */
    @ParameterizedTest
    @EnumSource(InstructionSet.class)
    void instructionSetsHaveTheirNativeNames(InstructionSet set) {
        assertThat(NativeLibrary.instructionSetName(set.ordinal())).isEqualTo(set.name().toLowerCase(Locale.ROOT));
        assertThat(NativeLibrary.instructionSetName(InstructionSet.values().length)).isNull();
    }

    @ParameterizedTest
    @EnumSource(PoolingOperator.class)
    void everySetHasTheSameKernels(PoolingOperator operator) {
        for (String kernel : new String[] {operator.stem() + "_forward", operator.stem() + "_backward"}) {
            // Some operators use the kernels of others, or have several by their options.
            boolean exists = NativeLibrary.findKernel(kernel, 0) != 0;
            for (InstructionSet set : InstructionSet.values()) {
                boolean available = exists && set.compareTo(CpuKernels.bestInstructionSet()) <= 0;
                assertThat(NativeLibrary.findKernel(kernel, set.ordinal()) != 0).as(kernel).isEqualTo(available);
            }
        }
    }

    @Test
    void everySetHasTheFirstOperator() {
        assertThat(NativeLibrary.findKernel("soft_pool_forward", CpuKernels.bestInstructionSet().ordinal()))
                .isNotZero();
    }

    @Test
    void unknownKernel() {
        assertThatThrownBy(() -> Kernels.launch("no_such_kernel", new long[0], 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("no_such_kernel");
        assertThat(NativeLibrary.findKernel("soft_pool_forward", 99)).isZero();
        assertThat(NativeLibrary.findKernel("soft_pool_forward", -1)).isZero();
    }

    @Test
    void parametersOfTheWrongSize() {
        assertThatThrownBy(() -> Kernels.launch("soft_pool_forward", new long[3], 1, array, array.dup()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("soft_pool_forward", "parameter words", "3");
        assertThatThrownBy(() -> Kernels.launch("soft_pool_forward", new long[49], 1, array))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("soft_pool_forward", "2 arrays", "1");
    }

    @Test
    void typesWithoutKernel() {
        INDArray in = Nd4j.zeros(DataType.INT32, 1);
        INDArray out = Nd4j.zeros(DataType.INT32, 1);
        assertThatThrownBy(() -> Kernels.launch("soft_pool_forward", new long[49], 1, in, out))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("FLOAT", "INT");
    }
}
