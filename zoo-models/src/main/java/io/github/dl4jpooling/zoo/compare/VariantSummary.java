// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** All runs of one pooling, summed up. */
final class VariantSummary {
    private final String pooling;
    private final double accuracy;
    private final double standardDeviation;
    private final double low;
    private final double high;
    private final PairedDifference difference;
    private final double holmPValue;
    private final double holmWilcoxonPValue;
    private final double trainMillis;
    private final double inferenceMillis;
    private final double trainBytes;
    private final long parameters;

    @JsonCreator
    VariantSummary(
            @JsonProperty("pooling") String pooling,
            @JsonProperty("accuracy") double accuracy,
            @JsonProperty("standardDeviation") double standardDeviation,
            @JsonProperty("low") double low,
            @JsonProperty("high") double high,
            @JsonProperty("difference") PairedDifference difference,
            @JsonProperty("holmPValue") double holmPValue,
            @JsonProperty("holmWilcoxonPValue") double holmWilcoxonPValue,
            @JsonProperty("trainMillis") double trainMillis,
            @JsonProperty("inferenceMillis") double inferenceMillis,
            @JsonProperty("trainBytes") double trainBytes,
            @JsonProperty("parameters") long parameters) {
        this.pooling = pooling;
        this.accuracy = accuracy;
        this.standardDeviation = standardDeviation;
        this.low = low;
        this.high = high;
        this.difference = difference;
        this.holmPValue = holmPValue;
        this.holmWilcoxonPValue = holmWilcoxonPValue;
        this.trainMillis = trainMillis;
        this.inferenceMillis = inferenceMillis;
        this.trainBytes = trainBytes;
        this.parameters = parameters;
    }

    String pooling() {
        return pooling;
    }

    /** Mean over the seeds. */
    double accuracy() {
        return accuracy;
    }

    /** Of the accuracy over the seeds; NaN for one seed. */
    double standardDeviation() {
        return standardDeviation;
    }

    /** Lower end of the 95 % interval of the accuracy over seeds, by Student's t; NaN for one seed. */
    double low() {
        return low;
    }

    /** Upper end of the same. */
    double high() {
        return high;
    }

    /** To the first pooling of the comparison; null for that one itself. */
    PairedDifference difference() {
        return difference;
    }

    /** P value of the difference, corrected for the number of comparisons; NaN where there is none. */
    double holmPValue() {
        return holmPValue;
    }

    /** The same of Wilcoxon's test. */
    double holmWilcoxonPValue() {
        return holmWilcoxonPValue;
    }

    /** Milliseconds per image, median over all epochs of all runs. */
    double trainMillis() {
        return trainMillis;
    }

    /** Milliseconds per image, median over all epochs of all runs. */
    double inferenceMillis() {
        return inferenceMillis;
    }

    /** Bytes that training takes for each image of a batch, see {@link MemoryProbe}; NaN if not measured. */
    double trainBytes() {
        return trainBytes;
    }

    long parameters() {
        return parameters;
    }
}
