// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;

/** The mean of some values with the 95 % interval of Student's t. */
final class MeanInterval {
    private static final double UPPER_QUANTILE = 0.975;

    private final double mean;
    private final double standardDeviation;
    private final double half;

    private MeanInterval(double mean, double standardDeviation, double half) {
        this.mean = mean;
        this.standardDeviation = standardDeviation;
        this.half = half;
    }

    static MeanInterval of(double... values) {
        SummaryStatistics statistics = new SummaryStatistics();
        for (double value : values) {
            statistics.addValue(value);
        }
        if (values.length < 2) {
            return new MeanInterval(statistics.getMean(), Double.NaN, Double.NaN);
        }
        double t = new TDistribution(values.length - 1.0).inverseCumulativeProbability(UPPER_QUANTILE);
        double deviation = statistics.getStandardDeviation();
        return new MeanInterval(statistics.getMean(), deviation, t * deviation / Math.sqrt(values.length));
    }

    double mean() {
        return mean;
    }

    /** Of the values, not of their mean; NaN for one value, like the ends of the interval. */
    double standardDeviation() {
        return standardDeviation;
    }

    double low() {
        return mean - half;
    }

    double high() {
        return mean + half;
    }
}
