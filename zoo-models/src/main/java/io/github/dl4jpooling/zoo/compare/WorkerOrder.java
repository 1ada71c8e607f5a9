// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.nio.file.Path;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What a worker process has to know before its first job. */
final class WorkerOrder {
    /** The seed whose trained networks are kept, for the pictures of feature maps. */
    static final int SAVED_SEED = 1;

    private final Protocol protocol;
    private final String networks;

    @JsonCreator
    WorkerOrder(@JsonProperty("protocol") Protocol protocol, @JsonProperty("networks") String networks) {
        this.protocol = protocol;
        this.networks = networks;
    }

    Protocol protocol() {
        return protocol;
    }

    /** Where the trained network of a job is kept, if its seed is {@link #SAVED_SEED}. */
    Path networkFile(TrainingJob job) {
        return Path.of(networks, job.pooling() + "-seed" + job.seed() + ".zip");
    }
}
