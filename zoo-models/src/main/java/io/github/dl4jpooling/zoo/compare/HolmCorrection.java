// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.util.Comparator;
import java.util.stream.IntStream;

/** Holm's correction: with it, the chance of any false finding among several tests stays below the level. */
public final class HolmCorrection {
    private HolmCorrection() {}

    /**
     * Adjusted p values, at the places of the given ones: the k-th smallest of n times (n - k + 1), at least the
     * adjusted one before it, at most 1. NaN stays NaN.
     *
     * @param pValues p values of tests
     * @return the adjusted ones
     */
    public static double[] adjust(double... pValues) {
        int[] order = IntStream.range(0, pValues.length).boxed()
                .sorted(Comparator.comparingDouble(i -> pValues[i])).mapToInt(Integer::intValue).toArray();
        double[] adjusted = new double[pValues.length];
        double largest = 0;
        for (int rank = 0; rank < order.length; rank++) {
            double p = pValues[order[rank]];
            largest = Math.max(largest, Math.min(1, p * (order.length - rank)));
            adjusted[order[rank]] = largest;
        }
        return adjusted;
    }
}
