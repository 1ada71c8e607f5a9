// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What one epoch of a run gave. Losses are mean cross entropies in nats, times are milliseconds per image. */
final class EpochResult {
    private final double trainLoss;
    private final double testLoss;
    private final double testAccuracy;
    private final double trainMillis;
    private final double inferenceMillis;

    @JsonCreator
    EpochResult(
            @JsonProperty("trainLoss") double trainLoss,
            @JsonProperty("testLoss") double testLoss,
            @JsonProperty("testAccuracy") double testAccuracy,
            @JsonProperty("trainMillis") double trainMillis,
            @JsonProperty("inferenceMillis") double inferenceMillis) {
        this.trainLoss = trainLoss;
        this.testLoss = testLoss;
        this.testAccuracy = testAccuracy;
        this.trainMillis = trainMillis;
        this.inferenceMillis = inferenceMillis;
    }

    /** Mean over the batches of the epoch, each before its update. */
    double trainLoss() {
        return trainLoss;
    }

    double testLoss() {
        return testLoss;
    }

    /** From 0 to 1, after the epoch. */
    double testAccuracy() {
        return testAccuracy;
    }

    double trainMillis() {
        return trainMillis;
    }

    double inferenceMillis() {
        return inferenceMillis;
    }
}
