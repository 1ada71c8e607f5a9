// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PoolingOperatorTest {

    @ParameterizedTest
    @EnumSource(PoolingOperator.class)
    void namesFollowTheStem(PoolingOperator operator) {
        List<ExecutableOp> ops = operator.prototypes();
        assertThat(operator.stem()).matches("[a-z0-9]+(_[a-z0-9]+)*");
        assertThat(ops).hasSize(operator.hasGradient() ? 2 : 1);
        assertThat(ops.get(0).getClass().getSimpleName()).isEqualTo(operator.className());
        assertThat(ops.get(0).opName()).isEqualTo(operator.opName());
        if (operator.hasGradient()) {
            assertThat(ops.get(1).getClass().getSimpleName()).isEqualTo(operator.className() + "Bp");
            assertThat(ops.get(1).opName()).isEqualTo(operator.opName() + "_bp");
        }
        assertThat(ops).allMatch(op -> op.operator() == operator);
    }

    @Test
    void namesAreUnique() {
        List<String> names = Arrays.stream(PoolingOperator.values())
                .flatMap(operator -> operator.prototypes().stream())
                .map(ExecutableOp::opName)
                .collect(Collectors.toList());
        assertThat(names).doesNotHaveDuplicates().allMatch(name -> name.startsWith("pooling_"));
    }
}
