// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import java.util.Comparator;
import java.util.stream.IntStream;

/** An operator that keeps the k largest elements of each map: found by sorting. */
abstract class TopElementsOracle extends OperatorOracle {

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    /**
     * Places of the k largest of some elements, in rising order; NaN first, of equal ones the first.
     *
     * @param values all elements
     * @param k how many
     * @param places the elements meant, in rising order
     */
    static int[] largest(double[] values, int k, IntStream places) {
        return places.boxed()
                .sorted(Comparator.<Integer>comparingDouble(
                        i -> Double.isNaN(values[i]) ? Double.NEGATIVE_INFINITY : -values[i] + 0.0)
                        .thenComparing(i -> Double.isNaN(values[i]) ? 0 : 1)) // before infinity; else stable
                .limit(k)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
    }
}
