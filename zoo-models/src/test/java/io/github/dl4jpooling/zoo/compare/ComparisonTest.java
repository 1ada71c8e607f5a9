// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    @Test
    void sumsUpTheLastEpochOfAllSeeds() {
        List<VariantSummary> summaries = TestComparisons.three().summaries();
        assertThat(summaries).extracting(VariantSummary::pooling).containsExactly("max", "average", "soft");
        VariantSummary average = summaries.get(1);
        assertThat(average.accuracy()).isCloseTo(.80, within(1e-12));
        assertThat(average.standardDeviation()).isCloseTo(.01, within(1e-12));
        assertThat(average.difference().mean()).isCloseTo(-.02, within(1e-12));
        assertThat(average.difference().standardDeviation()).isCloseTo(.01, within(1e-12));
        assertThat(average.trainMillis()).isEqualTo(0.4);
        assertThat(average.inferenceMillis()).isEqualTo(0.1);
        assertThat(average.parameters()).isEqualTo(105_866);
        assertThat(summaries.get(0).difference()).isNull();
        assertThat(summaries.get(0).holmPValue()).isNaN();
    }

    /** Differences -1, -2, -3 have p = 1 - sqrt(12 / 14) as in PairedDifferenceTest; soft has mean 0 and so p = 1. */
    @Test
    void correctsForTheNumberOfComparisons() {
        List<VariantSummary> summaries = TestComparisons.three().summaries();
        assertThat(summaries.get(1).holmPValue()).isCloseTo(2 * (1 - Math.sqrt(12.0 / 14)), within(1e-9));
        assertThat(summaries.get(2).holmPValue()).isCloseTo(1, within(1e-9));
    }

    @Test
    void onePoolingAndOneSeed() {
        List<VariantSummary> summaries = TestComparisons.of("max", new double[] {.8}).summaries();
        assertThat(summaries).hasSize(1);
        assertThat(summaries.get(0).standardDeviation()).isNaN();
    }

    @Test
    void chanceIsTheShareOfTheLargestClass() {
        assertThat(TestComparisons.three().circumstances().chance()).isCloseTo(.7, within(1e-12));
    }
}
