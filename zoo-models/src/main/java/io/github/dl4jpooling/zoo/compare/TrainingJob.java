// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** One network to train, or to measure: a pooling and a seed. */
final class TrainingJob {
    private final String pooling;
    private final int seed;
    private final String networkFile;
    private final boolean memory;

    @JsonCreator
    private TrainingJob(@JsonProperty("pooling") String pooling, @JsonProperty("seed") int seed,
            @JsonProperty("networkFile") String networkFile, @JsonProperty("memory") boolean memory) {
        this.pooling = pooling;
        this.seed = seed;
        this.networkFile = networkFile;
        this.memory = memory;
    }

    TrainingJob(String pooling, int seed) {
        this(pooling, seed, null, false);
    }

    /** The same job, which leaves its trained network in a file. */
    TrainingJob savingTo(String file) {
        return new TrainingJob(pooling, seed, file, false);
    }

    /** Measures the memory that training takes, rather than to train. */
    TrainingJob measuringMemory() {
        return new TrainingJob(pooling, seed, null, true);
    }

    String pooling() {
        return pooling;
    }

    int seed() {
        return seed;
    }

    /** Where the trained network is kept; null if it is not. */
    String networkFile() {
        return networkFile;
    }

    boolean measuresMemory() {
        return memory;
    }

    @Override
    public String toString() {
        return pooling + " pooling with seed " + seed;
    }
}
