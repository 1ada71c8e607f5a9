// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.cli.CommandException;
import io.github.dl4jpooling.zoo.cli.PoolingSubcommand;
import io.github.dl4jpooling.zoo.compare.Json;
import io.github.dl4jpooling.zoo.compare.Machine;
import io.github.dl4jpooling.zoo.compare.Picture;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Trains the region network with several region poolings and seeds and reports what differs. */
@Command(name = "regions", description = {
    "Compare region poolings: classification of regions and refinement of their boxes.",
    "",
    "Scenes of 112 x 112 pixels are composed of embedded Fashion-MNIST images at any positions between the pixels, so"
            + " that their boxes are known exactly. A small Fast R-CNN (backbone of stride 4, 4 x 4 cells, trained"
            + " end to end) gets boxes that are off and learns the class and the true box. With each seed, all poolings"
            + " start with the same weights of the backbone and see the same batches. Prints tables, and writes"
            + " results.json and regions.png."},
        footer = {"", "Examples:",
            "  ./pooling regions --quick                a first look, about a minute",
            "  ./pooling regions                        the table of docs/regions.md"})
public final class RegionsCommand implements PoolingSubcommand {
    private static final int SEEDS = 5;
    private static final int QUICK_SEEDS = 2;
    private static final int EPOCHS = 3;
    private static final int QUICK_EPOCHS = 1;
    private static final int SCENES = 500;
    private static final int QUICK_SCENES = 200;

    @Option(names = "--quick", description = "Fewer seeds, epochs and scenes, unless they are given.")
    private boolean quick;

    @Option(names = "--regions", paramLabel = "NAME", split = ",", completionCandidates = RegionNames.class,
            description = {"Region poolings out of ${COMPLETION-CANDIDATES}, separated by commas.", "Default: all"})
    private List<String> names = List.copyOf(RegionNames.options());

    @Option(names = "--seeds", paramLabel = "N", description = {
        "Networks to train with each pooling.", "Default: " + SEEDS + ", with --quick " + QUICK_SEEDS})
    private Integer seeds;

    @Option(names = "--epochs", paramLabel = "N", description = {
        "How often each network sees its scenes.", "Default: " + EPOCHS + ", with --quick " + QUICK_EPOCHS})
    private Integer epochs;

    @Option(names = "--scenes", paramLabel = "N", description = {
        "Training scenes of each seed.", "Default: " + SCENES + ", with --quick " + QUICK_SCENES})
    private Integer scenes;

    @Option(names = "--test-scenes", paramLabel = "N", defaultValue = "150", description = {
        "Test scenes, the same for all seeds.", "Default: ${DEFAULT-VALUE}"})
    private int testScenes;

    @Option(names = "--workers", paramLabel = "N", description = {
        "Processes that train at the same time; each needs up to 2 GB of memory. Does not change the results.",
        "Default: as many as the machine has cores"})
    private Integer workers;

    @Option(names = "--output", paramLabel = "DIR", defaultValue = "results/regions", description = {
        "Folder for the results; earlier ones in it are replaced.", "Default: ${DEFAULT-VALUE}"})
    private Path output;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        RegionProtocol protocol = new RegionProtocol(
                regions(),
                atLeastOne("--seeds", seeds, quick ? QUICK_SEEDS : SEEDS),
                atLeastOne("--epochs", epochs, quick ? QUICK_EPOCHS : EPOCHS),
                atLeastOne("--scenes", scenes, quick ? QUICK_SCENES : SCENES),
                atLeastOne("--test-scenes", testScenes, testScenes));
        int processes = Math.min(protocol.seeds() * protocol.regions().size(),
                atLeastOne("--workers", workers, Runtime.getRuntime().availableProcessors()));
        Path folder = folder();
        Json.write(folder.resolve(RegionStudy.PROTOCOL_FILE), protocol);
        long start = System.nanoTime();
        List<RegionRun> runs = train(protocol, folder, processes);
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        report(new RegionStudy(protocol, Machine.describe(), seconds, runs), folder, out());
        return 0;
    }

    private List<RegionRun> train(RegionProtocol protocol, Path folder, int processes)
            throws IOException, InterruptedException {
        out().printf("Training %d networks with each of %d seeds in %d processes%n", protocol.regions().size(),
                protocol.seeds(), processes);
        out().flush();
        ExecutorService threads = Executors.newFixedThreadPool(processes);
        try {
            List<Future<RegionRun>> jobs = new ArrayList<>();
            for (int seed = 1; seed <= protocol.seeds(); seed++) {
                long number = seed;
                for (Regions regions : protocol.regions()) {
                    jobs.add(threads.submit(() -> RegionWorker.inProcess(folder, regions, number)));
                }
            }
            List<RegionRun> runs = new ArrayList<>();
            for (Future<RegionRun> job : jobs) {
                RegionRun run = job.get();
                runs.add(run);
                out().printf(Locale.ROOT, "%d of %d: %s, seed %d, accuracy %.4f, IoU %.4f%n", runs.size(), jobs.size(),
                        RegionNames.title(run.regions()), run.seed(), run.accuracy(), run.refinedIou());
                out().flush();
            }
            return runs;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof CommandException) {
                throw (CommandException) e.getCause();
            }
            throw new CommandException("cannot train in a process: " + e.getCause(), e);
        } finally {
            threads.shutdownNow();
        }
    }

    /** Prints and writes everything about a study. */
    static void report(RegionStudy study, Path folder, PrintWriter out) throws IOException {
        out.println();
        out.print(study.results().toText());
        out.println();
        out.print(study.differences().toText());
        out.println();
        study.words().forEach(out::println);
        out.println();
        out.println(study.legend());
        Json.write(folder.resolve("results.json"), study);
        Path picture = folder.resolve("regions.png");
        Files.write(picture, Picture.png(RegionPicture.draw(study,
                RegionWorker.testScenes(ImageDatasets.load(ImageDatasets.EMBEDDED), study.protocol()))));
        out.println("Trained in " + study.seconds() + " s on " + study.machine() + ".");
        out.println("Picture: " + picture + ". Repeat with: " + study.protocol().commandLine());
        out.flush();
    }

    private List<Regions> regions() {
        try {
            return names.stream().distinct().map(RegionNames::named).collect(Collectors.toList());
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), "--regions: " + e.getMessage(), e);
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    private int atLeastOne(String option, Integer value, int otherwise) {
        if (value != null && value < 1) {
            throw new ParameterException(spec.commandLine(), option + " is " + value + ", expected at least 1");
        }
        return value == null ? otherwise : value;
    }

    private Path folder() {
        try {
            return Files.createDirectories(output.toAbsolutePath().normalize());
        } catch (IOException e) {
            throw new CommandException("--output " + output + " is not a folder and cannot be made one: " + e, e);
        }
    }
}
