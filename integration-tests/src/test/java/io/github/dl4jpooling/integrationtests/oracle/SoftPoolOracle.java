// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import java.util.Arrays;

/** Soft pooling: y = sum w_i x_i with w the softmax of the window, dy/dx_i = w_i (1 + x_i - y). */
public final class SoftPoolOracle extends WindowOracle {

    @Override
    protected double value(double[] elements) {
        double largest = largest(elements);
        if (Double.isInfinite(largest) || Double.isNaN(largest)) {
            return largest == Double.NEGATIVE_INFINITY ? 0 : largest;
        }
        return largest + excess(elements, largest);
    }

    @Override
    protected double[] derivatives(double[] elements) {
        double largest = largest(elements);
        if (Double.isNaN(largest)) {
            return Arrays.stream(elements).map(x -> Double.NaN).toArray();
        }
        if (Double.isInfinite(largest)) {
            // The limit: elements at +infinity share equally, others get nothing. At -infinity the value is constant.
            double count = Arrays.stream(elements).filter(x -> x == Double.POSITIVE_INFINITY).count();
            return Arrays.stream(elements).map(x -> x == Double.POSITIVE_INFINITY ? 1 / count : 0).toArray();
        }
        double sum = Arrays.stream(elements).map(x -> Math.exp(x - largest)).sum();
        double excess = excess(elements, largest);
        return Arrays.stream(elements)
                .map(x -> Math.exp(x - largest) == 0 ? 0 : Math.exp(x - largest) / sum * (1 + (x - largest) - excess))
                .toArray();
    }

    /** NaN if there is one. */
    private static double largest(double[] elements) {
        return Arrays.stream(elements).reduce(Double.NEGATIVE_INFINITY, Math::max);
    }

    /** y - largest. */
    private static double excess(double[] elements, double largest) {
        double sum = 0;
        double weighted = 0;
        for (double x : elements) {
            double weight = Math.exp(x - largest);
            sum += weight;
            weighted += weight == 0 ? 0 : weight * (x - largest);
        }
        return weighted / sum;
    }
}
