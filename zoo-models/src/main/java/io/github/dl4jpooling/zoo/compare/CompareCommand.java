// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.cli.PoolingSubcommand;
import io.github.dl4jpooling.zoo.data.ImageDataset;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Trains the same network with several poolings and several seeds and reports what differs. */
@Command(name = "compare", description = {
    "Train the same network with different poolings on real images, and compare accuracy and speed.",
    "",
    "With each seed, all poolings start with the same weights and see the same batches. Networks train in parallel"
            + " processes with one thread each. Prints a table and writes report.html, results.json, results.csv"
            + " and the pictures of the report."},
        footer = {"", "Examples:",
            "  ./pooling compare --quick                              a first look, two or three minutes",
            "  ./pooling compare                                      the table of the README",
            "  ./pooling compare --pooling max,soft --model lenet --seeds 5",
            "  ./pooling compare --data ~/photos --output results/photos"})
public final class CompareCommand implements PoolingSubcommand {
    private static final String POOLINGS = "max,average,soft,lip,mixed,gated,stochastic,ada";
    private static final String QUICK_POOLINGS = "max,average,soft,lip,mixed,gated";
    private static final int SEEDS = 10;
    private static final int QUICK_SEEDS = 3;
    private static final int EPOCHS = 4;
    private static final int QUICK_EPOCHS = 3;
    private static final int TRAIN_IMAGES = 10_000;
    private static final int QUICK_TRAIN_IMAGES = 4_000;

    @Option(names = "--quick", description = "Fewer seeds, epochs and training images, unless they are given.")
    private boolean quick;

    @Mixin
    private TrainingOptions options;

    @Option(names = "--pooling", paramLabel = "NAME", split = ",",
            completionCandidates = PoolingNames.class, description = {
                "Poolings out of ${COMPLETION-CANDIDATES} (avg is short for average), separated by commas; all are"
                        + " compared with the first.",
                "Default: " + POOLINGS + ", with --quick " + QUICK_POOLINGS})
    private List<String> poolings;

    @Option(names = "--seeds", paramLabel = "N", description = {
        "Networks to train with each pooling.", "Default: " + SEEDS + ", with --quick " + QUICK_SEEDS})
    private Integer seeds;

    @Option(names = "--epochs", paramLabel = "N", description = {
        "How often each network sees the training images.",
        "Default: " + EPOCHS + ", with --quick " + QUICK_EPOCHS})
    private Integer epochs;

    @Option(names = "--train-images", paramLabel = "N", description = {
        "Training images: a part with the same share of each class.",
        "Default: " + TRAIN_IMAGES + ", with --quick " + QUICK_TRAIN_IMAGES + ", or all if there are fewer"})
    private Integer trainImages;

    @Option(names = "--test-images", paramLabel = "N", description = {"Test images.", "Default: all"})
    private Integer testImages;

    @Option(names = "--output", paramLabel = "DIR", defaultValue = "results/compare", description = {
        "Folder for the results. The runs of an earlier comparison in it are used where protocol and images are"
                + " the same, so that an interrupted command goes on and more seeds or poolings cost only themselves.",
        "Default: ${DEFAULT-VALUE}"})
    private Path output;

    @Override
    public Integer call() throws IOException, InterruptedException {
        options.check();
        options.requireAtLeastOne("--seeds", seeds);
        options.requireAtLeastOne("--epochs", epochs);
        options.requireAtLeastOne("--train-images", trainImages);
        options.requireAtLeastOne("--test-images", testImages);
        List<String> names = options.poolings(
                poolings == null ? List.of((quick ? QUICK_POOLINGS : POOLINGS).split(",")) : poolings);
        ImageDataset images = options.load();
        Protocol protocol = protocol(images, names);
        ImageDataset used = protocol.images(images);
        options.orWrongUsage("--model or --pooling",
                () -> ComparedNetwork.pooledSites(protocol.model(), used.train(), names));
        new ComparisonRun(protocol, used, options.workers(), TrainingOptions.folder(output), options.out()).run();
        return 0;
    }

    private Protocol protocol(ImageDataset images, List<String> names) {
        int all = images.train().size();
        int train = trainImages == null ? Math.min(all, quick ? QUICK_TRAIN_IMAGES : TRAIN_IMAGES) : trainImages;
        int test = testImages == null ? images.test().size() : testImages;
        options.requireAtMost("--train-images", train, all, "training");
        options.requireAtMost("--test-images", test, images.test().size(), "test");
        return new Protocol(options.data(), options.model(), names,
                seeds == null ? (quick ? QUICK_SEEDS : SEEDS) : seeds,
                epochs == null ? (quick ? QUICK_EPOCHS : EPOCHS) : epochs, train, test, options.batch(), false);
    }
}
