// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What a comparison met: the data behind the name, the machine, the time. */
final class Circumstances {
    private final String source;
    private final String images;
    private final int classes;
    private final double chance;
    private final String machine;
    private final int workers;
    private final String finished;
    private final long seconds;
    private final int reused;

    @JsonCreator
    private Circumstances(
            @JsonProperty("source") String source,
            @JsonProperty("images") String images,
            @JsonProperty("classes") int classes,
            @JsonProperty("chance") double chance,
            @JsonProperty("machine") String machine,
            @JsonProperty("workers") int workers,
            @JsonProperty("finished") String finished,
            @JsonProperty("seconds") long seconds,
            @JsonProperty("reused") int reused) {
        this.source = source;
        this.images = images;
        this.classes = classes;
        this.chance = chance;
        this.machine = machine;
        this.workers = workers;
        this.finished = finished;
        this.seconds = seconds;
        this.reused = reused;
    }

    /** Of a comparison that ends now. */
    static Circumstances now(ImageDataset data, int workers, long seconds, int reused) {
        LabelledImages test = data.test();
        double chance = Arrays.stream(test.classCounts()).max().orElse(0) / (double) test.size();
        return new Circumstances(data.source(), test.height() + " x " + test.width()
                + (test.channels() == 1 ? " grey" : " colour"), test.classNames().size(), chance, Machine.describe(),
                workers, LocalDateTime.now().truncatedTo(ChronoUnit.SECONDS).toString(), seconds, reused);
    }

    /** Where the images come from. */
    String source() {
        return source;
    }

    /** Size and kind of the images. */
    String images() {
        return images;
    }

    int classes() {
        return classes;
    }

    /** Accuracy of always answering the most frequent class of the test images. */
    double chance() {
        return chance;
    }

    String machine() {
        return machine;
    }

    int workers() {
        return workers;
    }

    String finished() {
        return finished;
    }

    /** How long it took, for people to read. */
    String effort() {
        String duration = HtmlReport.duration(seconds);
        return reused == 0 ? "Trained in " + duration
                : "Trained in " + duration + ", and " + TrainedRuns.counted(reused, "network")
                        + " had been trained before";
    }
}
