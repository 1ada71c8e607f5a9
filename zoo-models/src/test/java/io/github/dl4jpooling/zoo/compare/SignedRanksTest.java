// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import org.apache.commons.math3.stat.inference.WilcoxonSignedRankTest;
import org.junit.jupiter.api.Test;

class SignedRanksTest {
    /** Ranks 1 to 3, all of one sign: 1 of 8 choices of signs, and its mirror image. */
    @Test
    void allOfOneSign() {
        assertThat(SignedRanks.pValue(1, 2, 3)).isEqualTo(0.25);
        assertThat(SignedRanks.pValue(-1, -2, -3)).isEqualTo(0.25);
        assertThat(SignedRanks.pValue(new double[10])).isEqualTo(1);
        assertThat(SignedRanks.smallestPValue(3)).isEqualTo(0.25);
        assertThat(SignedRanks.smallestPValue(10)).isEqualTo(2 / 1024.0);
    }

    @Test
    void agreesWithCommonsMathWithoutTies() {
        Random random = new Random(7);
        for (int n = 4; n <= 12; n++) {
            double[] differences = random.doubles(n, -1, 2).toArray();
            double expected = new WilcoxonSignedRankTest().wilcoxonSignedRankTest(differences, new double[n], true);
            assertThat(SignedRanks.pValue(differences)).as("n = " + n).isCloseTo(expected, within(1e-12));
        }
    }

    /** Against all choices of signs, with zeros and ties. */
    @Test
    void countsTiesExactly() {
        double[] differences = {2, -2, 0, 1, 3, 3, -1, 0, 3};
        double[] ranks = {3.5, 3.5, 1.5, 6, 6, 1.5, 6};
        double observed = 3.5 + 1.5; // ranks of the negative ones
        int asFar = 0;
        for (int signs = 0; signs < 128; signs++) {
            double sum = 0;
            for (int i = 0; i < 7; i++) {
                sum += (signs >> i & 1) * ranks[i];
            }
            asFar += Math.min(sum, Arrays.stream(ranks).sum() - sum) <= observed ? 1 : 0;
        }
        assertThat(SignedRanks.pValue(differences)).isCloseTo(asFar / 128.0, within(1e-12));
    }

    /** More than thirty differences: the normal distribution, near the exact one. */
    @Test
    void manyDifferences() {
        double[] thirtyOne = new Random(1).doubles(31, -1, 1.5).toArray();
        double exact = SignedRanks.pValue(Arrays.copyOf(thirtyOne, 30));
        assertThat(SignedRanks.pValue(thirtyOne)).isCloseTo(
                new WilcoxonSignedRankTest().wilcoxonSignedRankTest(thirtyOne, new double[31], false), within(0.005));
        assertThat(exact).isBetween(0.0, 1.0);
    }

    @Test
    void notANumber() {
        assertThat(SignedRanks.pValue(1, Double.NaN)).isNaN();
    }
}
