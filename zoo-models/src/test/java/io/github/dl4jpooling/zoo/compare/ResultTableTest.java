// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ResultTableTest {
    @Test
    void table() {
        List<String> lines = List.of(ResultTable.create(TestComparisons.three()).toText().split("\n"));
        assertThat(cells(lines.get(0))).containsExactly("Pooling", "Accuracy", "95 % interval", "Minus max", "p (Holm)",
                "Train ms", "Infer ms", "KiB", "Parameters");
        assertThat(cells(lines.get(2))).containsExactly("max", "82.00 %", "77.03 to 86.97", "-", "-", "0.400", "0.100",
                "2", "105,866");
        assertThat(cells(lines.get(3))).containsExactly("average", "80.00 %", "77.52 to 82.48", "-2.00", "0.148",
                "0.400", "0.100", "-", "105,866");
        assertThat(lines).hasSize(5);
    }

    /** All three differences of average have one sign: p of Wilcoxon is 2 / 2^3, times two comparisons. */
    @Test
    void statistics() {
        List<String> lines = List.of(ResultTable.statistics(TestComparisons.three()).toText().split("\n"));
        assertThat(cells(lines.get(0))).containsExactly("Minus max", "Mean", "Pair SD", "95 % interval (t)",
                "95 % (bootstrap)", "p (t)", "p (Wilcoxon)", "Needed");
        assertThat(cells(lines.get(2))).containsExactly("average", "-2.00", "1.00", "-4.48 to +0.48", "-3.00 to -1.00",
                "0.148", "0.500", "3.58");
        assertThat(lines).hasSize(4);
    }

    private static String[] cells(String line) {
        return line.split(" {2,}");
    }

    @Test
    void noDifferenceShownIsNotEquality() {
        assertThat(Findings.of(TestComparisons.three())).containsExactly(
                "average: no difference from max shown (mean -2.00 points, 95 % interval -4.48 to +0.48,"
                        + " p = 0.148 after Holm); it would have taken 3.58 points.",
                "soft: no difference from max shown (mean +0.00 points, 95 % interval -1.24 to +1.24,"
                        + " p = 1.000 after Holm); it would have taken 1.79 points.",
                "In short, against max: average, soft within the noise of 3 seeds.",
                "Wilcoxon's test cannot show anything here: with 3 seeds its p is at least 0.250, before the correction"
                        + " for 2 comparisons.");
    }

    @Test
    void differencesThatAreShown() {
        Comparison comparison = TestComparisons.of("max", new double[] {.80, .82, .84, .81},
                "average", new double[] {.701, .722, .741, .708}, "soft", new double[] {.811, .829, .851, .819});
        assertThat(Findings.of(comparison)).satisfiesExactly(
                average -> assertThat(average).startsWith("average: 9.95 points less accurate than max (95 % interval ")
                        .endsWith("p < 0.001 after Holm)."),
                soft -> assertThat(soft).startsWith("soft: 1.00 points more accurate than max (95 % interval "),
                overview -> assertThat(overview).isEqualTo(
                        "In short, against max: soft more accurate; average less accurate."),
                wilcoxon -> assertThat(wilcoxon).contains("with 4 seeds its p is at least 0.125"));
    }

    @Test
    void oneSeed() {
        Comparison comparison = TestComparisons.of("max", new double[] {.8}, "soft", new double[] {.81});
        assertThat(Findings.of(comparison)).containsExactly(
                "soft: +1.00 points against max with the only seed; one pair says nothing about chance.");
        assertThat(ResultTable.create(comparison).toText()).contains("+1.00").doesNotContain("NaN");
    }

    @Test
    void divergedTrainingIsNamed() {
        RunResult diverged = new RunResult("max", 1, 10, "", List.of(new EpochResult(Double.NaN, 1, .1, 1, 1)));
        Comparison comparison = Comparison.of(new Protocol("embedded", "tiny", List.of("max"), 1, 1, 10, 10, 5, false),
                TestComparisons.three().circumstances(), List.of(diverged), Map.of());
        assertThat(Findings.of(comparison)).containsExactly(
                "max: training diverged (the loss is not a number) with 1 of 1 seeds.");
    }
}
