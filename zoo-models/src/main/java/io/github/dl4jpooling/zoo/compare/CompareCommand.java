// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.cli.CommandException;
import io.github.dl4jpooling.zoo.cli.PoolingSubcommand;
import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

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

    @Option(names = "--data", paramLabel = "DATA", defaultValue = ImageDatasets.EMBEDDED, description = {
        "Images: \"embedded\" (10,000 + 2,000 images of Fashion-MNIST that come along), \"fashion-mnist\" (all"
                + " 60,000 + 10,000: from -Dpooling.data, $POOLING_DATA, Debian's package dataset-fashion-mnist or"
                + " the internet), or a folder with the four IDX files of MNIST-like data or with images as"
                + " CLASS/*.png or train/CLASS/*.png and test/CLASS/*.png.",
        "Default: ${DEFAULT-VALUE}"})
    private String data;

    @Option(names = "--model", paramLabel = "MODEL", defaultValue = "tiny",
            completionCandidates = ModelNames.class, description = {
        "Network out of ${COMPLETION-CANDIDATES}: tiny has two convolutions and 106,000 parameters at 28 x 28, the"
                + " others are PooledZoo's and take their size from the images. All pooling layers with windows are"
                + " replaced by each of the poolings.",
        "Default: ${DEFAULT-VALUE}"})
    private String model;

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

    @Option(names = "--batch", paramLabel = "N", defaultValue = "64", description = {
        "Images in a batch.", "Default: ${DEFAULT-VALUE}"})
    private int batch;

    @Option(names = "--workers", paramLabel = "N", description = {
        "Processes that train at the same time; each needs up to 2 GB of memory. Does not change the accuracies.",
        "Default: as many as the machine has cores and memory for"})
    private Integer workers;

    @Option(names = "--output", paramLabel = "DIR", defaultValue = "results/compare", description = {
        "Folder for the results. The runs of an earlier comparison in it are used where protocol and images are"
                + " the same, so that an interrupted command goes on and more seeds or poolings cost only themselves.",
        "Default: ${DEFAULT-VALUE}"})
    private Path output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        checkOptions();
        ImageDataset images = orWrongUsage("--data", () -> load(data));
        Protocol protocol = protocol(images);
        ImageDataset used = protocol.images(images);
        orWrongUsage("--model or --pooling", () -> ComparedNetwork.pooledSites(protocol.model(), used.train(), poolings));
        ComparisonRun run = new ComparisonRun(protocol, used, workers(protocol), folder(), out());
        run.run();
        return 0;
    }

    private void checkOptions() {
        List<String> named = poolings == null ? List.of((quick ? QUICK_POOLINGS : POOLINGS).split(",")) : poolings;
        poolings = named.stream().map(PoolingNames::resolve).collect(Collectors.toList());
        requireAtLeastOne("--seeds", seeds);
        requireAtLeastOne("--epochs", epochs);
        requireAtLeastOne("--train-images", trainImages);
        requireAtLeastOne("--test-images", testImages);
        requireAtLeastOne("--batch", batch);
        requireAtLeastOne("--workers", workers);
        orWrongUsage("--model", () -> ComparedModel.named(model));
        for (String pooling : poolings) {
            orWrongUsage("--pooling", () -> Pooling.named(pooling));
        }
        if (new LinkedHashSet<>(poolings).size() < poolings.size()) {
            throw new ParameterException(spec.commandLine(), "--pooling names a pooling twice: " + poolings);
        }
    }

    private Protocol protocol(ImageDataset images) {
        int all = images.train().size();
        int train = trainImages == null ? Math.min(all, quick ? QUICK_TRAIN_IMAGES : TRAIN_IMAGES) : trainImages;
        int test = testImages == null ? images.test().size() : testImages;
        requireAtMost("--train-images", train, all, "training");
        requireAtMost("--test-images", test, images.test().size(), "test");
        return new Protocol(data, model, poolings, seeds == null ? (quick ? QUICK_SEEDS : SEEDS) : seeds,
                epochs == null ? (quick ? QUICK_EPOCHS : EPOCHS) : epochs, train, test, batch, false);
    }

    private int workers(Protocol protocol) {
        return Math.min(workers == null ? WorkerPool.defaultWorkers() : workers, protocol.jobs().size());
    }

    private Path folder() {
        try {
            return Files.createDirectories(output.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new CommandException("--output " + output + " is not a folder and cannot be made one: " + e, e);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private void requireAtLeastOne(String option, Integer value) {
        if (value != null && value < 1) {
            throw new ParameterException(spec.commandLine(), option + " is " + value + ", expected at least 1");
        }
    }

    private void requireAtMost(String option, int value, int limit, String kind) {
        if (value > limit) {
            throw new ParameterException(spec.commandLine(),
                    option + " is " + value + ", but the data have " + limit + " " + kind + " images");
        }
    }

    private <T> T orWrongUsage(String option, Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
        }
    }

    private static ImageDataset load(String data) {
        try {
            return ImageDatasets.load(data);
        } catch (IOException e) {
            throw new CommandException("cannot load --data " + data + ": " + e.getMessage(), e);
        }
    }

    /** For the help text. */
    static final class ModelNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ComparedModel.names().iterator();
        }
    }
}
