// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What one encoder kept, measured on the test images. */
final class PretextRun {
    private final String pooling;
    private final long seed;
    private final long parameters;
    private final double loss;
    private final double error;
    private final double untrained;
    private final double accuracy;
    private final double seconds;
    private final double[][] rebuilt;

    @JsonCreator
    PretextRun(@JsonProperty("pooling") String pooling, @JsonProperty("seed") long seed,
            @JsonProperty("parameters") long parameters, @JsonProperty("loss") double loss,
            @JsonProperty("error") double error, @JsonProperty("untrained") double untrained,
            @JsonProperty("accuracy") double accuracy, @JsonProperty("seconds") double seconds,
            @JsonProperty("rebuilt") double[][] rebuilt) {
        this.pooling = pooling;
        this.seed = seed;
        this.parameters = parameters;
        this.loss = loss;
        this.error = error;
        this.untrained = untrained;
        this.accuracy = accuracy;
        this.seconds = seconds;
        this.rebuilt = rebuilt;
    }

    String pooling() {
        return pooling;
    }

    long seed() {
        return seed;
    }

    /** Of the whole network. */
    long parameters() {
        return parameters;
    }

    /** Mean over the batches of the last epoch. */
    double loss() {
        return loss;
    }

    /** Mean squared error of a pixel of the rebuilt image, of pixels from 0 to 1; NaN where none is rebuilt. */
    double error() {
        return error;
    }

    /** Accuracy of a linear probe on the codes before training. */
    double untrained() {
        return untrained;
    }

    /** Accuracy of a linear probe on the codes after training. */
    double accuracy() {
        return accuracy;
    }

    /** Of training. */
    double seconds() {
        return seconds;
    }

    /** The first test images, rebuilt, pixel by pixel. */
    double[][] rebuilt() {
        return rebuilt;
    }
}
