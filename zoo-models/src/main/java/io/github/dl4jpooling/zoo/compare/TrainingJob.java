// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** One network to train: a pooling and a seed. */
final class TrainingJob {
    private final String pooling;
    private final int seed;

    @JsonCreator
    TrainingJob(@JsonProperty("pooling") String pooling, @JsonProperty("seed") int seed) {
        this.pooling = pooling;
        this.seed = seed;
    }

    String pooling() {
        return pooling;
    }

    int seed() {
        return seed;
    }

    @Override
    public String toString() {
        return pooling + " pooling with seed " + seed;
    }
}
