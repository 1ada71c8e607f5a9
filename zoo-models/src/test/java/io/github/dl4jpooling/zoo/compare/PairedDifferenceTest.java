// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.apache.commons.math3.stat.inference.TTest;
import org.junit.jupiter.api.Test;

class PairedDifferenceTest {
    /** Differences 1, 2, 3; with two degrees of freedom p is 1 - t / sqrt(t^2 + 2), here t^2 = 12. */
    @Test
    void agreesWithHandCalculation() {
        PairedDifference difference = PairedDifference.of(new double[] {11, 4, 8}, new double[] {10, 2, 5});
        assertThat(difference.mean()).isCloseTo(2, within(1e-12));
        assertThat(difference.standardDeviation()).isCloseTo(1, within(1e-12));
        assertThat(difference.pValue()).isCloseTo(1 - Math.sqrt(12.0 / 14), within(1e-9));
        double half = 4.302652729696 / Math.sqrt(3);
        assertThat(difference.low()).isCloseTo(2 - half, within(1e-9));
        assertThat(difference.high()).isCloseTo(2 + half, within(1e-9));
    }

    @Test
    void agreesWithCommonsMath() {
        double[] a = {.8629, .8711, .8580, .8655, .8602, .8540};
        double[] b = {.8490, .8603, .8420, .8551, .8455, .8398};
        assertThat(PairedDifference.of(a, b).pValue()).isCloseTo(new TTest().pairedTTest(a, b), within(1e-12));
    }

    @Test
    void onePairTellsNothingAboutChance() {
        PairedDifference difference = PairedDifference.of(new double[] {3}, new double[] {1});
        assertThat(difference.mean()).isEqualTo(2);
        assertThat(difference.standardDeviation()).isNaN();
        assertThat(difference.low()).isNaN();
        assertThat(difference.high()).isNaN();
        assertThat(difference.pValue()).isNaN();
    }

    @Test
    void equalDifferences() {
        assertThat(PairedDifference.of(new double[] {1, 2}, new double[] {1, 2}).pValue()).isEqualTo(1);
        assertThat(PairedDifference.of(new double[] {2, 3}, new double[] {1, 2}).pValue()).isZero();
    }

    @Test
    void refusesUnequalNumbers() {
        assertThatThrownBy(() -> PairedDifference.of(new double[2], new double[3]))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("2 and 3");
    }
}
