// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import java.util.Arrays;

/** Batch normalisation of the channels of an array: its result, and the statistics it takes. */
final class NormOracle {

    private static final double EPSILON = 1e-5;

    private final PlainArray y;
    private final double[] means;
    private final double[] variances;

    /** mean, variance: not used where those of the batch are. */
    NormOracle(PlainArray z, PlainArray gain, PlainArray shift, PlainArray mean, PlainArray variance,
            boolean training) {
        int channels = z.shape()[1];
        means = mean.values().clone();
        variances = variance.values().clone();
        if (training) {
            Arrays.fill(means, 0);
            Arrays.fill(variances, 0);
            double count = (double) z.values().length / channels;
            for (int i = 0; i < z.values().length; i++) {
                means[z.index(i)[1]] += z.values()[i] / count;
            }
            for (int i = 0; i < z.values().length; i++) {
                int c = z.index(i)[1];
                variances[c] += Math.pow(z.values()[i] - means[c], 2) / count;
            }
        }
        y = PlainArray.zeros(z.shape());
        Arrays.setAll(y.values(), i -> {
            int c = z.index(i)[1];
            return (z.values()[i] - means[c]) / Math.sqrt(variances[c] + EPSILON) * gain.values()[c]
                    + shift.values()[c];
        });
    }

    PlainArray y() {
        return y;
    }

    double[] means() {
        return means;
    }

    double[] variances() {
        return variances;
    }
}
