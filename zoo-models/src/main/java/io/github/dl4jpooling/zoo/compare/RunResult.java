// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What training one network gave. */
final class RunResult {
    private final String pooling;
    private final int seed;
    private final long parameters;
    private final String oneDnn;
    private final List<EpochResult> epochs;

    @JsonCreator
    RunResult(
            @JsonProperty("pooling") String pooling,
            @JsonProperty("seed") int seed,
            @JsonProperty("parameters") long parameters,
            @JsonProperty("oneDnn") String oneDnn,
            @JsonProperty("epochs") List<EpochResult> epochs) {
        this.pooling = pooling;
        this.seed = seed;
        this.parameters = parameters;
        this.oneDnn = oneDnn;
        this.epochs = List.copyOf(epochs);
    }

    String pooling() {
        return pooling;
    }

    int seed() {
        return seed;
    }

    /** Number of trainable values in the network. */
    long parameters() {
        return parameters;
    }

    /** Which layers ran on oneDNN, or why none did. */
    String oneDnn() {
        return oneDnn;
    }

    List<EpochResult> epochs() {
        return epochs;
    }

    /** Accuracy on the test images after the last epoch; never the best epoch's. */
    double accuracy() {
        return epochs.get(epochs.size() - 1).testAccuracy();
    }
}
