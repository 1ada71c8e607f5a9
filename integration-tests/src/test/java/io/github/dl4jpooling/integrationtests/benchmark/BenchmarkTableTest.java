// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.benchmark.BenchmarkTable.Figure;
import java.util.List;
import org.junit.jupiter.api.Test;

class BenchmarkTableTest {

    @Test
    void ratiosAreTakenWithinALibrary() {
        String table = BenchmarkTable.render(List.of(
                new Figure("a", "soft", "2x2/2", "forward", 5, 6, 7),
                new Figure("a", "max", "2x2/2", "forward", 2, 3, 4),
                new Figure("a", "max", "3x3/2", "forward", 1, 1, 1),
                new Figure("a", "", "", "copy", 1, 2, 3),
                new Figure("b", "max", "2x2/2", "forward", 60, 60, 60)));
        String[] lines = table.split("\n");
        assertThat(lines).hasSize(7);
        assertThat(lines[2].trim().split("\\s+")).containsExactly("a", "copy", "2.00", "1.00", "-", "3.00", "1.00");
        assertThat(lines[4].trim().split("\\s+"))
                .containsExactly("a", "2x2/2", "forward", "soft", "6.00", "5.00", "-", "7.00", "3.00", "2.00");
        assertThat(lines[6].trim().split("\\s+"))
                .containsExactly("b", "2x2/2", "forward", "max", "60.00", "60.00", "-", "60.00", "1.00");
    }
}
