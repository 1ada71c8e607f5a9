// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.model.PretextNet.Objective;
import java.util.List;
import java.util.Locale;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What is trained, how long, and on how many images. */
final class PretextProtocol {
    private final List<String> poolings;
    private final Objective objective;
    private final int seeds;
    private final int epochs;
    private final int images;
    private final int testImages;

    @JsonCreator
    PretextProtocol(@JsonProperty("poolings") List<String> poolings, @JsonProperty("objective") Objective objective,
            @JsonProperty("seeds") int seeds, @JsonProperty("epochs") int epochs, @JsonProperty("images") int images,
            @JsonProperty("testImages") int testImages) {
        this.poolings = poolings;
        this.objective = objective;
        this.seeds = seeds;
        this.epochs = epochs;
        this.images = images;
        this.testImages = testImages;
    }

    /** In the order of tables and pictures. */
    List<String> poolings() {
        return poolings;
    }

    Objective objective() {
        return objective;
    }

    /** Whether images are rebuilt. */
    boolean rebuilds() {
        return objective == Objective.RECONSTRUCTION;
    }

    int seeds() {
        return seeds;
    }

    int epochs() {
        return epochs;
    }

    /** Training images, without labels for the pretext task, with labels for the probe. */
    int images() {
        return images;
    }

    int testImages() {
        return testImages;
    }

    String commandLine() {
        return "./pooling pretext --poolings " + String.join(",", poolings) + " --objective "
                + objective.name().toLowerCase(Locale.ROOT) + " --seeds " + seeds + " --epochs " + epochs
                + " --images " + images + " --test-images " + testImages;
    }
}
