// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.util.Arrays;
import org.apache.commons.math3.distribution.TDistribution;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Mean difference of paired values with Student's t interval and test, which take the pairs to be independent and their
 * differences to be normally distributed; and, without the latter, Wilcoxon's signed-rank test and the bootstrap.
 */
public final class PairedDifference {
    private static final double ROUNDING = 1e12;

    private final double mean;
    private final double standardDeviation;
    private final double low;
    private final double high;
    private final double pValue;
    private final double wilcoxonPValue;
    private final double bootstrapLow;
    private final double bootstrapHigh;
    private final int pairs;

    @JsonCreator
    PairedDifference(
            @JsonProperty("mean") double mean,
            @JsonProperty("standardDeviation") double standardDeviation,
            @JsonProperty("low") double low,
            @JsonProperty("high") double high,
            @JsonProperty("pValue") double pValue,
            @JsonProperty("wilcoxonPValue") double wilcoxonPValue,
            @JsonProperty("bootstrapLow") double bootstrapLow,
            @JsonProperty("bootstrapHigh") double bootstrapHigh,
            @JsonProperty("pairs") int pairs) {
        this.mean = mean;
        this.standardDeviation = standardDeviation;
        this.low = low;
        this.high = high;
        this.pValue = pValue;
        this.wilcoxonPValue = wilcoxonPValue;
        this.bootstrapLow = bootstrapLow;
        this.bootstrapHigh = bootstrapHigh;
        this.pairs = pairs;
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
        double[] differences = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            differences[i] = values[i] - baseline[i];
        }
        MeanInterval interval = MeanInterval.of(differences);
        double mean = interval.mean();
        if (values.length == 1) {
            return new PairedDifference(mean, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN,
                    Double.NaN, 1);
        }
        double standardError = interval.standardDeviation() / Math.sqrt(values.length);
        double p = standardError == 0 ? (mean == 0 ? 1 : 0)
                : 2 * new TDistribution(values.length - 1).cumulativeProbability(-Math.abs(mean / standardError));
        double[] bootstrap = Bootstrap.interval(differences);
        return new PairedDifference(mean, interval.standardDeviation(), interval.low(), interval.high(), p,
                SignedRanks.pValue(rounded(differences)), bootstrap[0], bootstrap[1], values.length);
    }

    /** Differences of shares that are equal but for rounding are to be equal. */
    private static double[] rounded(double... values) {
        return Arrays.stream(values).map(value -> Math.rint(value * ROUNDING) / ROUNDING).toArray();
    }

    /**
     * The smallest mean difference that pairs of this spread show: the t test gives it the level, divided by the number
     * of comparisons (Holm's strictest step). NaN for one pair.
     */
    double smallestShown(double level, int comparisons) {
        if (pairs == 1) {
            return Double.NaN;
        }
        double quantile = 1 - level / comparisons / 2;
        return new TDistribution(pairs - 1).inverseCumulativeProbability(quantile) * standardDeviation
                / Math.sqrt(pairs);
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

    /** Of Wilcoxon's two-sided signed-rank test, for this comparison alone. */
    double wilcoxonPValue() {
        return wilcoxonPValue;
    }

    /** Lower end of the 95 % bootstrap interval of the mean. */
    double bootstrapLow() {
        return bootstrapLow;
    }

    /** Upper end of the 95 % bootstrap interval of the mean. */
    double bootstrapHigh() {
        return bootstrapHigh;
    }

    int pairs() {
        return pairs;
    }
}
