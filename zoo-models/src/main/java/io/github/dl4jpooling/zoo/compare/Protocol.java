// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What is compared, and how: everything that the accuracies of a comparison depend on. */
final class Protocol {
    private final String data;
    private final String model;
    private final List<String> poolings;
    private final int seeds;
    private final int epochs;
    private final int trainImages;
    private final int testImages;
    private final int batch;

    @JsonCreator
    Protocol(
            @JsonProperty("data") String data,
            @JsonProperty("model") String model,
            @JsonProperty("poolings") List<String> poolings,
            @JsonProperty("seeds") int seeds,
            @JsonProperty("epochs") int epochs,
            @JsonProperty("trainImages") int trainImages,
            @JsonProperty("testImages") int testImages,
            @JsonProperty("batch") int batch) {
        this.data = data;
        this.model = model;
        this.poolings = List.copyOf(poolings);
        this.seeds = seeds;
        this.epochs = epochs;
        this.trainImages = trainImages;
        this.testImages = testImages;
        this.batch = batch;
    }

    /** As {@link io.github.dl4jpooling.zoo.data.ImageDatasets#load} takes it. */
    String data() {
        return data;
    }

    ComparedModel model() {
        return ComparedModel.named(model);
    }

    /** The first one is what the others are compared with. */
    List<String> poolings() {
        return poolings;
    }

    int seeds() {
        return seeds;
    }

    int epochs() {
        return epochs;
    }

    int trainImages() {
        return trainImages;
    }

    int testImages() {
        return testImages;
    }

    int batch() {
        return batch;
    }

    /** One job for each seed and pooling; all poolings of a seed before the next seed: pairs are complete early. */
    List<TrainingJob> jobs() {
        List<TrainingJob> jobs = new ArrayList<>();
        for (int seed = 1; seed <= seeds; seed++) {
            for (String pooling : poolings) {
                jobs.add(new TrainingJob(pooling, seed));
            }
        }
        return jobs;
    }

    /** The command that repeats this comparison, with every setting spelled out. */
    String commandLine() {
        return "./pooling compare --data " + quoted(data) + " --model " + model + " --pooling "
                + String.join(",", poolings) + " --seeds " + seeds + " --epochs " + epochs + " --train-images "
                + trainImages + " --test-images " + testImages + " --batch " + batch;
    }

    private static String quoted(String word) {
        return word.matches("[\\w./:@%+=-]+") ? word : "'" + word.replace("'", "'\\''") + "'";
    }
}
