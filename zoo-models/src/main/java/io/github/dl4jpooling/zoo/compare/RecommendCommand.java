// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.cli.PoolingSubcommand;
import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.swap.Pooling;
import io.github.dl4jpooling.zoo.swap.PoolingSite;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** Finds the pooling for the user's images and network. */
@Command(name = "recommend", description = {
    "Find the pooling that suits your images and network.",
    "",
    "Successive halving: all poolings are trained briefly, the better half of them is trained twice as long, and so on."
            + " They are measured on a fifth of the training images that is set apart. At the end the last one left is"
            + " compared with max pooling on the test images, which nothing else has looked at. Prints every round,"
            + " what the evidence is worth, and the line to paste."},
        footer = {"", "Examples:", "  ./pooling recommend --data ~/photos",
            "  ./pooling recommend --data ~/photos --model lenet --pooling avg,soft,lip,gated"})
public final class RecommendCommand implements PoolingSubcommand {
    private static final int TRAIN_IMAGES = 4_000;
    private static final int MEASURED_IMAGES = 2_000;

    @Mixin
    private TrainingOptions options;

    @Option(names = "--pooling", paramLabel = "NAME", split = ",",
            completionCandidates = PoolingNames.class, description = {
                "Candidates out of ${COMPLETION-CANDIDATES} (avg is short for average), separated by commas; max is"
                        + " always among them.",
                "Default: all"})
    private List<String> poolings;

    @Option(names = "--seeds", paramLabel = "N", defaultValue = "2", description = {
        "Networks to train with each pooling in the first round; later rounds double epochs and seeds in turn.",
        "Default: ${DEFAULT-VALUE}"})
    private int seeds;

    @Option(names = "--epochs", paramLabel = "N", defaultValue = "1", description = {
        "How often each network sees the training images in the first round.", "Default: ${DEFAULT-VALUE}"})
    private int epochs;

    @Option(names = "--train-images", paramLabel = "N", description = {
        "Training images: a part with the same share of each class.",
        "Default: " + TRAIN_IMAGES + ", or four fifths of all if there are fewer"})
    private Integer trainImages;

    @Option(names = "--output", paramLabel = "DIR", defaultValue = "results/recommend", description = {
        "Folder for the results. Runs of the same protocol in it are used, so that an interrupted command goes on.",
        "Default: ${DEFAULT-VALUE}"})
    private Path output;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check();
        options.requireAtLeastOne("--seeds", seeds);
        options.requireAtLeastOne("--epochs", epochs);
        options.requireAtLeastOne("--train-images", trainImages);
        ImageDataset images = options.load();
        ImageDataset split = options.orWrongUsage("--data", () -> Protocol.split(images));
        List<PoolingSite> sites = options.orWrongUsage("--model", () -> ComparedNetwork.pooledSites(
                ComparedModel.named(options.model()), split.train(), List.of(Halving.REFERENCE)));
        Halving halving = new Halving(options, images, trainImages(split), MEASURED_IMAGES,
                TrainingOptions.folder(output));
        Recommendation result = halving.run(candidates(split), seeds, epochs);
        result.print(sites.get(0).window(), options.out());
        Json.write(TrainingOptions.folder(output).resolve("recommendation.json"), result);
        return 0;
    }

    private int trainImages(ImageDataset split) {
        int all = split.train().size();
        options.requireAtMost("--train-images", trainImages == null ? 1 : trainImages, all, "training");
        return trainImages == null ? Math.min(TRAIN_IMAGES, all) : trainImages;
    }

    /** Max first; without a list all others for images, but those that this network has no place for. */
    private List<String> candidates(ImageDataset split) {
        List<String> given = poolings == null ? Pooling.names() : options.poolings(poolings);
        List<String> candidates = new ArrayList<>(List.of(Halving.REFERENCE));
        for (String name : given) {
            if (name.equals(Halving.REFERENCE)) {
                continue;
            }
            try {
                ComparedNetwork.pooledSites(ComparedModel.named(options.model()), split.train(), List.of(name));
                candidates.add(name);
            } catch (IllegalArgumentException e) {
                options.out().println("Left out: " + name + ", " + e.getMessage());
            }
        }
        if (candidates.size() == 1) {
            throw new ParameterException(options.commandLine(),
                    "--pooling: there is nothing to choose from but " + Halving.REFERENCE);
        }
        return candidates;
    }
}
