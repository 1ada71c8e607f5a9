// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.util.Arrays;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.stat.ranking.NaNStrategy;
import org.apache.commons.math3.stat.ranking.NaturalRanking;
import org.apache.commons.math3.stat.ranking.TiesStrategy;

/**
 * Wilcoxon's signed-rank test of paired differences, which does not take them to be normally distributed.
 *
 * <p>Accuracies are counts, so differences are often equal or zero. Zeros are left out and equal ones share the mean of
 * their ranks; up to {@value #EXACT} differences the distribution is exact for these very ranks, beyond that it is the
 * normal one with the correction for continuity. (Commons Math's test is exact without ties only.)
 */
final class SignedRanks {
    private static final int EXACT = 30;

    private SignedRanks() {}

    /** The two-sided p value for a distribution that is symmetric about 0; 1 if all differences are 0, or none. */
    static double pValue(double... differences) {
        double[] nonZero = Arrays.stream(differences).filter(difference -> difference != 0).toArray();
        if (Arrays.stream(nonZero).anyMatch(Double::isNaN)) {
            return Double.NaN;
        }
        if (nonZero.length == 0) {
            return 1;
        }
        double[] ranks = new NaturalRanking(NaNStrategy.FAILED, TiesStrategy.AVERAGE)
                .rank(Arrays.stream(nonZero).map(Math::abs).toArray());
        double positive = 0;
        double all = 0;
        double squares = 0;
        for (int i = 0; i < ranks.length; i++) {
            positive += nonZero[i] > 0 ? ranks[i] : 0;
            all += ranks[i];
            squares += ranks[i] * ranks[i];
        }
        double smaller = Math.min(positive, all - positive);
        if (ranks.length <= EXACT) {
            return Math.min(1, 2 * shareUpTo(smaller, ranks));
        }
        double z = (smaller + 0.5 - all / 2) / (Math.sqrt(squares) / 2);
        return Math.min(1, 2 * new NormalDistribution().cumulativeProbability(z));
    }

    /** The smallest p value that this many pairs can give. */
    static double smallestPValue(int pairs) {
        return Math.min(1, Math.scalb(2.0, -pairs));
    }

    /** The share of all choices of signs with which the positive ranks add up to no more than the given sum. */
    private static double shareUpTo(double sum, double[] ranks) {
        // Twice the ranks are whole numbers.
        int total = (int) Math.round(2 * Arrays.stream(ranks).sum());
        double[] ways = new double[total + 1];
        ways[0] = 1;
        for (double rank : ranks) {
            int step = (int) Math.round(2 * rank);
            for (int i = total; i >= step; i--) {
                ways[i] += ways[i - step];
            }
        }
        double share = 0;
        for (int i = 0; i <= Math.round(2 * sum); i++) {
            share += ways[i];
        }
        return Math.scalb(share, -ranks.length);
    }
}
