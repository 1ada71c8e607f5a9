// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.compare.Json;
import io.github.dl4jpooling.zoo.compare.Machine;
import io.github.dl4jpooling.zoo.compare.Picture;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import io.github.dl4jpooling.zoo.model.PretextNet;
import io.github.dl4jpooling.zoo.swap.Pooling;
import io.github.dl4jpooling.zoo.text.WholeFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Trains encoders with several poolings by a pretext task and reports what each keeps. */
@Command(name = "pretext", description = {
    "Compare how much poolings keep: images rebuilt from pooled features, and a linear probe.",
    "",
    "A small encoder pools twice; a decoder rebuilds the embedded Fashion-MNIST images from its code, without labels,"
            + " or the code has to tell two views of an image from those of others. Then a linear classifier on the"
            + " codes of the frozen encoder says what they hold of the classes. With each seed, all poolings start"
            + " with the same weights and see the same batches. Prints tables, and writes results.json and, of"
            + " rebuilt images, pretext.png."},
        footer = {"", "Examples:",
            "  ./pooling pretext --quick                                   a first look",
            "  ./pooling pretext                                           the table of docs/pretext.md",
            "  ./pooling pretext --objective contrastive --poolings max,soft"})
public final class PretextCommand extends StudyCommand {

    @Option(names = "--poolings", paramLabel = "NAME", split = ",", description = {
        "Poolings, separated by commas, as in compare; the others are compared with the first.",
        "Default: ${DEFAULT-VALUE}"}, defaultValue = "max,average,soft,mixed,stochastic")
    private List<String> poolings;

    @Option(names = "--objective", paramLabel = "NAME", defaultValue = "reconstruction", description = {
        "reconstruction or contrastive.", "Default: ${DEFAULT-VALUE}"})
    private String objective;

    @Option(names = "--seeds", paramLabel = "N", description = {
        "Networks to train with each pooling.", "Default: 3, with --quick 2"})
    private Integer seeds;

    @Option(names = "--epochs", paramLabel = "N", description = {
        "How often each network sees its images.", "Default: 4, with --quick 1"})
    private Integer epochs;

    @Option(names = "--images", paramLabel = "N", description = {
        "Training images, up to 10000.", "Default: 2000, with --quick 500"})
    private Integer images;

    @Option(names = "--test-images", paramLabel = "N", description = {
        "Test images, up to 2000.", "Default: 1000, with --quick 200"})
    private Integer testImages;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PretextProtocol protocol = new PretextProtocol(
                poolings(),
                objective(),
                atLeastOne("--seeds", seeds, 3, 2),
                atLeastOne("--epochs", epochs, 4, 1),
                atLeastOne("--images", images, 2000, 500),
                atLeastOne("--test-images", testImages, 1000, 200));
        checkImages(protocol);
        int processes = processes(protocol.seeds() * protocol.poolings().size());
        Path folder = folder();
        Json.write(folder.resolve(StudyProcess.PROTOCOL_FILE), protocol);
        long start = System.nanoTime();
        List<PretextRun> runs = train(protocol, folder, processes);
        report(new PretextStudy(protocol, Machine.describe(), secondsSince(start), runs), folder);
        return 0;
    }

    private List<String> poolings() {
        try {
            return poolings.stream().distinct().map(name -> Pooling.named(name).name()).collect(Collectors.toList());
        } catch (IllegalArgumentException e) {
            throw parameterError("--poolings: " + e.getMessage(), e);
        }
    }

    private PretextNet.Objective objective() {
        try {
            return PretextNet.Objective.valueOf(objective.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw parameterError(
                    "--objective is \"" + objective + "\", expected reconstruction or contrastive", e);
        }
    }

    private void checkImages(PretextProtocol protocol) throws IOException {
        try {
            ImageDatasets.load(ImageDatasets.EMBEDDED).take(protocol.images(), protocol.testImages());
        } catch (IllegalArgumentException e) {
            throw parameterError("--images or --test-images: " + e.getMessage(), e);
        }
    }

    private List<PretextRun> train(PretextProtocol protocol, Path folder, int processes) throws InterruptedException {
        List<Callable<PretextRun>> jobs = new ArrayList<>();
        for (int seed = 1; seed <= protocol.seeds(); seed++) {
            String number = Integer.toString(seed);
            protocol.poolings().forEach(pooling -> jobs.add(() -> StudyProcess.run(
                    PretextRun.class, PretextWorker.class, folder, pooling + "-seed-" + number, pooling, number)));
        }
        out().printf(Locale.ROOT, "Training %d encoders in %d processes%n", jobs.size(), processes);
        out().flush();
        AtomicInteger done = new AtomicInteger();
        return StudyProcess.all(jobs, processes, run -> {
            out().printf(Locale.ROOT, "%d of %d: %s, seed %d, loss %.5f, probe %.4f%n", done.incrementAndGet(),
                    jobs.size(), run.pooling(), run.seed(), run.loss(), run.accuracy());
            out().flush();
        });
    }

    private void report(PretextStudy study, Path folder) throws IOException {
        out().println();
        out().print(study.results().toText());
        out().println();
        out().print(study.differences().toText());
        out().println();
        out().println(study.legend());
        Json.write(folder.resolve("results.json"), study);
        out().println("Trained in " + study.seconds() + " s on " + study.machine() + ".");
        if (study.protocol().rebuilds()) {
            Path picture = folder.resolve("pretext.png");
            WholeFile.write(picture, Picture.png(PretextPicture.draw(study,
                    ImageDatasets.load(ImageDatasets.EMBEDDED).take(1, study.protocol().testImages()).test())));
            out().println("Picture: " + picture);
        }
        out().println("Repeat with: " + study.protocol().commandLine());
        out().flush();
    }
}
