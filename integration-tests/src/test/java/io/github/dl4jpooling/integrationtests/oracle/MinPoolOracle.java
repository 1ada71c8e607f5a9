// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

/** Minimum pooling: the smallest element, or NaN; the gradient goes to the first such element. */
public final class MinPoolOracle extends WindowOracle {

    @Override
    protected double value(double[] elements) {
        return elements[chosen(elements)];
    }

    @Override
    protected double[] derivatives(double[] elements) {
        double[] derivatives = new double[elements.length];
        derivatives[chosen(elements)] = 1;
        return derivatives;
    }

    private static int chosen(double[] elements) {
        int chosen = 0;
        for (int i = elements.length - 1; i >= 0; i--) {
            if (elements[i] <= elements[chosen]) {
                chosen = i;
            }
        }
        for (int i = elements.length - 1; i >= 0; i--) {
            if (Double.isNaN(elements[i])) {
                chosen = i;
            }
        }
        return chosen;
    }
}
