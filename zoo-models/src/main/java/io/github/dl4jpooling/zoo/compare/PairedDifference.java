// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import org.apache.commons.math3.distribution.TDistribution;
import org.apache.commons.math3.stat.descriptive.SummaryStatistics;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Mean difference of paired values with Student's t interval and test. The pairs are taken to be independent and their
 * differences normally distributed.
 */
public final class PairedDifference {
    private static final double UPPER_QUANTILE = 0.975;

    private final double mean;
    private final double standardDeviation;
    private final double low;
    private final double high;
    private final double pValue;

    @JsonCreator
    PairedDifference(
            @JsonProperty("mean") double mean,
            @JsonProperty("standardDeviation") double standardDeviation,
            @JsonProperty("low") double low,
            @JsonProperty("high") double high,
            @JsonProperty("pValue") double pValue) {
        this.mean = mean;
        this.standardDeviation = standardDeviation;
        this.low = low;
        this.high = high;
        this.pValue = pValue;
    }

    /**
     * @param values a value of each pair
     * @param baseline the other one
     * @return mean of values minus baseline, with interval and test
     * @throws IllegalArgumentException if the numbers of values differ or there are none
     */
    public static PairedDifference of(double[] values, double[] baseline) {
        if (values.length != baseline.length || values.length == 0) {
            throw new IllegalArgumentException("expected as many values as baseline values and at least one, got "
                    + values.length + " and " + baseline.length);
        }
        SummaryStatistics differences = new SummaryStatistics();
        for (int i = 0; i < values.length; i++) {
            differences.addValue(values[i] - baseline[i]);
        }
        double mean = differences.getMean();
        if (values.length == 1) {
            return new PairedDifference(mean, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        }
        double sd = differences.getStandardDeviation();
        double standardError = sd / Math.sqrt(values.length);
        TDistribution t = new TDistribution(values.length - 1);
        double half = t.inverseCumulativeProbability(UPPER_QUANTILE) * standardError;
        double p = standardError == 0 ? (mean == 0 ? 1 : 0)
                : 2 * t.cumulativeProbability(-Math.abs(mean / standardError));
        return new PairedDifference(mean, sd, mean - half, mean + half, p);
    }

    /** @return mean difference */
    public double mean() {
        return mean;
    }

    /** @return standard deviation of the differences, not of their mean; NaN for one pair, like all that follows */
    public double standardDeviation() {
        return standardDeviation;
    }

    /** @return lower end of the 95 % interval of the mean */
    public double low() {
        return low;
    }

    /** @return upper end of the 95 % interval of the mean */
    public double high() {
        return high;
    }

    /** @return p value of the two-sided t test for mean difference 0, for this comparison alone */
    public double pValue() {
        return pValue;
    }
}
