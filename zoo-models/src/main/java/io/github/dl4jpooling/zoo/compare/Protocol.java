// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What is compared, and how: everything that the accuracies of a comparison depend on. */
final class Protocol {
    private static final int VALIDATION_SHARE = 5;

    private final String data;
    private final String model;
    private final List<String> poolings;
    private final int seeds;
    private final int epochs;
    private final int trainImages;
    private final int testImages;
    private final int batch;
    private final boolean validation;

    @JsonCreator
    Protocol(
            @JsonProperty("data") String data,
            @JsonProperty("model") String model,
            @JsonProperty("poolings") List<String> poolings,
            @JsonProperty("seeds") int seeds,
            @JsonProperty("epochs") int epochs,
            @JsonProperty("trainImages") int trainImages,
            @JsonProperty("testImages") int testImages,
            @JsonProperty("batch") int batch,
            @JsonProperty("validation") boolean validation) {
        this.data = data;
        this.model = model;
        this.poolings = List.copyOf(poolings);
        this.seeds = seeds;
        this.epochs = epochs;
        this.trainImages = trainImages;
        this.testImages = testImages;
        this.batch = batch;
        this.validation = validation;
    }

    /**
     * The images that networks learn from, and those that they are measured on.
     *
     * @param all the data set of this protocol
     */
    ImageDataset images(ImageDataset all) {
        return (validation ? split(all) : all).take(trainImages, testImages);
    }

    /** Takes every {@value #VALIDATION_SHARE}th training image of a class away for validation; no test images. */
    static ImageDataset split(ImageDataset all) {
        LabelledImages images = all.train();
        int[] seen = new int[images.classNames().size()];
        Map<Boolean, List<Integer>> parts = IntStream.range(0, images.size()).boxed()
                .collect(Collectors.partitioningBy(i -> ++seen[images.label(i)] % VALIDATION_SHARE == 0));
        if (parts.get(true).isEmpty()) {
            throw new IllegalArgumentException("the data have " + images.size() + " training images in "
                    + seen.length + " classes, too few to set every " + VALIDATION_SHARE + "th of a class apart");
        }
        return new ImageDataset(select(images, parts.get(false)), select(images, parts.get(true)),
                all.source() + ", training images only");
    }

    private static LabelledImages select(LabelledImages images, List<Integer> chosen) {
        return images.select(chosen.stream().mapToInt(Integer::intValue).toArray());
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

    /** Whether the networks are measured on a part of the training images, and no test image is looked at. */
    boolean validation() {
        return validation;
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
