// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import org.apache.commons.math3.random.MersenneTwister;
import org.apache.commons.math3.random.RandomGenerator;
import org.apache.commons.math3.stat.descriptive.rank.Percentile;

/**
 * The percentile bootstrap interval of a mean (Efron 1979): the middle 95 % of the means of samples drawn with
 * replacement. It takes no distribution for granted, but is too narrow for few values: for ten by a fifth, for three
 * by more than half. The draws are the same every time.
 */
final class Bootstrap {
    private static final int SAMPLES = 10_000;
    private static final int SEED = 20_260_101;
    private static final double LOW = 2.5;
    private static final double HIGH = 97.5;

    private Bootstrap() {}

    /** Lower and upper end; NaN for one value or if a value is NaN. */
    static double[] interval(double... values) {
        double[] means = new double[SAMPLES];
        RandomGenerator random = new MersenneTwister(SEED);
        for (int sample = 0; sample < SAMPLES; sample++) {
            double sum = 0;
            for (int i = 0; i < values.length; i++) {
                sum += values[random.nextInt(values.length)];
            }
            means[sample] = sum / values.length;
            if (values.length < 2 || Double.isNaN(means[sample])) {
                return new double[] {Double.NaN, Double.NaN};
            }
        }
        Percentile percentile = new Percentile();
        percentile.setData(means);
        return new double[] {percentile.evaluate(LOW), percentile.evaluate(HIGH)};
    }
}
