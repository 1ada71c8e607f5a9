// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.data.Box;
import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What one network learned, measured on the test scenes. */
final class RegionRun {
    private final Regions regions;
    private final long seed;
    private final long parameters;
    private final double loss;
    private final double accuracy;
    private final double proposalIou;
    private final double refinedIou;
    private final double seconds;
    private final List<List<Box>> refined;

    @JsonCreator
    RegionRun(@JsonProperty("regions") Regions regions, @JsonProperty("seed") long seed,
            @JsonProperty("parameters") long parameters, @JsonProperty("loss") double loss,
            @JsonProperty("accuracy") double accuracy, @JsonProperty("proposalIou") double proposalIou,
            @JsonProperty("refinedIou") double refinedIou, @JsonProperty("seconds") double seconds,
            @JsonProperty("refined") List<List<Box>> refined) {
        this.regions = regions;
        this.seed = seed;
        this.parameters = parameters;
        this.loss = loss;
        this.accuracy = accuracy;
        this.proposalIou = proposalIou;
        this.refinedIou = refinedIou;
        this.seconds = seconds;
        this.refined = refined;
    }

    Regions regions() {
        return regions;
    }

    long seed() {
        return seed;
    }

    long parameters() {
        return parameters;
    }

    /** Mean over the batches of the last epoch. */
    double loss() {
        return loss;
    }

    /** Share of proposals whose class is found. */
    double accuracy() {
        return accuracy;
    }

    /** Mean intersection over union of proposals and true boxes. */
    double proposalIou() {
        return proposalIou;
    }

    /** The same of refined proposals. */
    double refinedIou() {
        return refinedIou;
    }

    /** Of training. */
    double seconds() {
        return seconds;
    }

    /** Refined proposals of the first test scenes, for the picture. */
    List<List<Box>> refined() {
        return refined;
    }
}
