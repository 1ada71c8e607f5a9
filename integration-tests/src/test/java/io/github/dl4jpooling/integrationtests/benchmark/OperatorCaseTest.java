// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.ForEachOperator;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every operator can be timed. */
@ForEachOperator
class OperatorCaseTest {

    private final PoolingOperator operator;

    OperatorCaseTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @Test
    void hasCasesThatRun() {
        List<String> names = OperatorCase.names(operator);
        assertThat(names).isNotEmpty().noneMatch(name -> name.contains(","));
        for (String name : names) {
            OperatorCase made = OperatorCase.of(operator, name);
            INDArray[] inputs = made.inputs().toArray(new INDArray[0]);
            assertThat(made.op().operator()).isEqualTo(operator);
            assertThat(made.floats()).isGreaterThanOrEqualTo(inputs[0].length());
            INDArray output = new NDPooling().pool(made.op(), inputs);
            assertThat(output.isNaN().any()).isFalse();
            assertThat(output.std(false).getDouble()).as("results that differ").isPositive();
            made.run(Runnable::run, Runnable::run);
        }
    }
}
