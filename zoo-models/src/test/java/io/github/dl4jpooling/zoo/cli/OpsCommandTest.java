// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class OpsCommandTest {
    @Test
    void hasARowForEachOperator() {
        CommandRun run = CommandRun.of("ops");
        assertThat(run.exitCode).isZero();
        List<String> rows = run.out.lines().skip(2).collect(Collectors.toList());
        assertThat(rows).hasSameSizeAs(PoolingOperator.values());
        for (PoolingOperator operator : PoolingOperator.values()) {
            String row = rows.get(operator.ordinal());
            assertThat(row.split(" {2,}")).hasSize(11).startsWith(operator.title()).contains(operator.opName(),
                    operator.className());
        }
    }

    @Test
    void rowTellsWhereTheOperatorWorks() {
        String row = CommandRun.of("ops").out.lines().filter(line -> line.contains("SoftPooling")).findFirst().get();
        assertThat(row.split(" {2,}")).startsWith("Soft pooling", "1, 2, 3", "first, last")
                .endsWith("input", "input", "output", "pooling_soft", "SoftPool", "SoftPooling");
        assertThat(row).contains("float", "double", "half", "bfloat16", "CPU");
    }

    @Test
    void rowNamesParametersAndSecondOutputs() {
        CommandRun run = CommandRun.of("ops");
        assertThat(run.out.lines().filter(line -> line.contains("GemPooling")).findFirst().get().split(" {2,}"))
                .containsSequence("input, p", "input, p", "output");
        assertThat(run.out.lines().filter(line -> line.contains("MaxPooling")).findFirst().get().split(" {2,}"))
                .containsSequence("input", "input", "output, index");
    }

    @Test
    void markdown() {
        CommandRun run = CommandRun.of("ops", "--markdown");
        assertThat(run.exitCode).isZero();
        assertThat(run.out.lines()).allMatch(line -> line.matches("\\| .* \\|"));
        assertThat(run.out.lines().skip(1).findFirst().get()).matches("[| -]+");
    }
}
