// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class OpsCommandTest {
    @Test
    void hasARowForEachOperatorAndDimension() {
        CommandRun run = CommandRun.of("ops");
        assertThat(run.exitCode).isZero();
        int rows = Arrays.stream(PoolingOperator.values()).mapToInt(op -> op.dimensions().size()).sum();
        assertThat(run.out.lines()).hasSize(2 + rows);
        for (PoolingOperator operator : PoolingOperator.values()) {
            assertThat(run.out).contains(operator.title(), operator.opName());
        }
    }

    @Test
    void rowTellsWhereTheOperatorWorks() {
        String row = CommandRun.of("ops").out.lines().filter(line -> line.contains("SoftPooling")).findFirst().get();
        assertThat(row.split(" {2,}")).startsWith("Soft pooling", "2-D", "NCHW, NHWC")
                .endsWith("pooling_soft", "SoftPool", "SoftPooling");
        assertThat(row).contains("float", "double", "half", "bfloat16", "CPU");
    }

    @Test
    void markdown() {
        CommandRun run = CommandRun.of("ops", "--markdown");
        assertThat(run.exitCode).isZero();
        assertThat(run.out.lines()).allMatch(line -> line.matches("\\| .* \\|"));
        assertThat(run.out.lines().skip(1).findFirst().get()).matches("[| -]+");
    }
}
