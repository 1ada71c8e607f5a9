// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What is trained, how long, and on how many scenes. */
final class RegionProtocol {
    /** Proposals of each item of a scene. */
    static final int PROPOSALS = 4;

    private final List<Regions> regions;
    private final int seeds;
    private final int epochs;
    private final int scenes;
    private final int testScenes;

    @JsonCreator
    RegionProtocol(@JsonProperty("regions") List<Regions> regions, @JsonProperty("seeds") int seeds,
            @JsonProperty("epochs") int epochs, @JsonProperty("scenes") int scenes,
            @JsonProperty("testScenes") int testScenes) {
        this.regions = regions;
        this.seeds = seeds;
        this.epochs = epochs;
        this.scenes = scenes;
        this.testScenes = testScenes;
    }

    /** Poolings, in the order of tables and pictures. */
    List<Regions> regions() {
        return regions;
    }

    int seeds() {
        return seeds;
    }

    int epochs() {
        return epochs;
    }

    /** Training scenes of each seed. */
    int scenes() {
        return scenes;
    }

    int testScenes() {
        return testScenes;
    }

    String commandLine() {
        return "./pooling regions --regions "
                + regions.stream().map(RegionNames::option).collect(Collectors.joining(",")) + " --seeds "
                + seeds + " --epochs " + epochs + " --scenes " + scenes
                + " --test-scenes " + testScenes;
    }
}
