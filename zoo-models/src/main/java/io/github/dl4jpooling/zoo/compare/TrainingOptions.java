// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.cli.CommandException;
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
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options of the commands that train networks, and what is checked about them. */
final class TrainingOptions {
    @Option(names = "--data", paramLabel = "DATA", defaultValue = ImageDatasets.EMBEDDED, description = {
        "Images: \"embedded\" (10,000 + 2,000 images of Fashion-MNIST that come along), \"fashion-mnist\" (all"
                + " 60,000 + 10,000: from -Dpooling.data, $POOLING_DATA, Debian's package dataset-fashion-mnist or"
                + " the internet), or a folder with the four IDX files of MNIST-like data or with images as"
                + " CLASS/*.png or train/CLASS/*.png and test/CLASS/*.png.",
        "Default: ${DEFAULT-VALUE}"})
    private String data;

    @Option(names = "--model", paramLabel = "MODEL", defaultValue = "tiny",
            completionCandidates = ModelNames.class, description = {
                "Network out of ${COMPLETION-CANDIDATES}: tiny has two convolutions and 106,000 parameters at 28 x 28,"
                        + " the others are PooledZoo's and take their size from the images. All pooling layers with"
                        + " windows are replaced by each of the poolings.",
                "Default: ${DEFAULT-VALUE}"})
    private String model;

    @Option(names = "--batch", paramLabel = "N", defaultValue = "64", description = {
        "Images in a batch.", "Default: ${DEFAULT-VALUE}"})
    private int batch;

    @Option(names = "--workers", paramLabel = "N", description = {
        "Processes that train at the same time; each needs up to 2 GB of memory. Does not change the accuracies.",
        "Default: as many as the machine has cores and memory for"})
    private Integer workers;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    String data() {
        return data;
    }

    String model() {
        return model;
    }

    int batch() {
        return batch;
    }

    int workers() {
        return workers == null ? WorkerPool.defaultWorkers() : workers;
    }

    /** Refuses what can be told from the options alone. */
    void check() {
        requireAtLeastOne("--batch", batch);
        requireAtLeastOne("--workers", workers);
        orWrongUsage("--model", () -> ComparedModel.named(model));
    }

    /** The names as {@link Pooling} has them; refuses unknown ones and pairs. */
    List<String> poolings(List<String> given) {
        List<String> names = given.stream().map(PoolingNames::resolve).collect(Collectors.toList());
        names.forEach(name -> orWrongUsage("--pooling", () -> Pooling.named(name)));
        if (new LinkedHashSet<>(names).size() < names.size()) {
            throw new ParameterException(spec.commandLine(), "--pooling names a pooling twice: " + names);
        }
        return names;
    }

    ImageDataset load() {
        return orWrongUsage("--data", () -> {
            try {
                return ImageDatasets.load(data);
            } catch (IOException e) {
                throw new CommandException("cannot load --data " + data + ": " + e.getMessage(), e);
            }
        });
    }

    static Path folder(Path output) {
        try {
            return Files.createDirectories(output.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new CommandException("--output " + output + " is not a folder and cannot be made one: " + e, e);
        }
    }

    CommandLine commandLine() {
        return spec.commandLine();
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    void requireAtLeastOne(String option, Integer value) {
        if (value != null && value < 1) {
            throw new ParameterException(spec.commandLine(), option + " is " + value + ", expected at least 1");
        }
    }

    void requireAtMost(String option, int value, int limit, String kind) {
        if (value > limit) {
            throw new ParameterException(spec.commandLine(),
                    option + " is " + value + ", but the data have " + limit + " " + kind + " images");
        }
    }

    <T> T orWrongUsage(String option, Supplier<T> action) {
        try {
            return action.get();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), option + ": " + e.getMessage(), e);
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
