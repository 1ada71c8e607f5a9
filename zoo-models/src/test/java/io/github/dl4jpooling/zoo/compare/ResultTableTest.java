// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class ResultTableTest {
    @Test
    void table() {
        List<String> lines = List.of(ResultTable.create(TestComparisons.three()).toText().split("\n"));
        assertThat(cells(lines.get(0))).containsExactly("Pooling", "Accuracy", "SD", "Minus max", "Pair SD",
                "95 % interval", "p (Holm)", "Train ms", "Infer ms", "Parameters");
        assertThat(cells(lines.get(2))).containsExactly("max", "82.00 %", "2.00", "-", "-", "-", "-", "0.400", "0.100",
                "105,866");
        assertThat(cells(lines.get(3))).containsExactly("average", "80.00 %", "1.00", "-2.00", "1.00",
                "-4.48 to +0.48", "0.148", "0.400", "0.100", "105,866");
        assertThat(lines).hasSize(5);
    }

    private static String[] cells(String line) {
        return line.split(" {2,}");
    }

    @Test
    void noDifferenceShownIsNotEquality() {
        assertThat(ResultTable.findings(TestComparisons.three())).containsExactly(
                "average: no difference from max shown (mean -2.00 points, 95 % interval -4.48 to +0.48,"
                        + " p = 0.148 after Holm).",
                "soft: no difference from max shown (mean +0.00 points, 95 % interval -1.24 to +1.24,"
                        + " p = 1.000 after Holm).");
    }

    @Test
    void differencesThatAreShown() {
        Comparison comparison = TestComparisons.of("max", new double[] {.80, .82, .84, .81},
                "average", new double[] {.701, .722, .741, .708}, "soft", new double[] {.811, .829, .851, .819});
        assertThat(ResultTable.findings(comparison)).satisfiesExactly(
                average -> assertThat(average).startsWith("average: 9.95 points less accurate than max (95 % interval ")
                        .endsWith("p < 0.001 after Holm)."),
                soft -> assertThat(soft).startsWith("soft: 1.00 points more accurate than max (95 % interval "));
    }

    @Test
    void oneSeed() {
        Comparison comparison = TestComparisons.of("max", new double[] {.8}, "soft", new double[] {.81});
        assertThat(ResultTable.findings(comparison)).containsExactly(
                "soft: +1.00 points against max with the only seed; one pair says nothing about chance.");
        assertThat(ResultTable.create(comparison).toText()).contains("+1.00").doesNotContain("NaN");
    }

    @Test
    void divergedTrainingIsNamed() {
        RunResult diverged = new RunResult("max", 1, 10, "", List.of(new EpochResult(Double.NaN, 1, .1, 1, 1)));
        Comparison comparison = Comparison.of(new Protocol("embedded", "tiny", List.of("max"), 1, 1, 10, 10, 5, false),
                TestComparisons.three().circumstances(), List.of(diverged));
        assertThat(ResultTable.findings(comparison)).containsExactly(
                "max: training diverged (the loss is not a number) with 1 of 1 seeds.");
    }
}
