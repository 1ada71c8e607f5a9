// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.compare.Json;
import io.github.dl4jpooling.zoo.compare.Machine;
import io.github.dl4jpooling.zoo.compare.Picture;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import io.github.dl4jpooling.zoo.swap.QuantizedSwap;
import io.github.dl4jpooling.zoo.text.WholeFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.nd4j.linalg.api.buffer.DataType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
            "  ./pooling regions                        the table of docs/regions.md",
            "  ./pooling regions --quick --quantize uint8"})
public final class RegionsCommand extends StudyCommand {
    private static final int SEEDS = 5;
    private static final int QUICK_SEEDS = 2;
    private static final int EPOCHS = 3;
    private static final int QUICK_EPOCHS = 1;
    private static final int SCENES = 500;
    private static final int QUICK_SCENES = 200;

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

    @Option(names = "--quantize", paramLabel = "TYPE", description = {
        "Train one network with RoIAlign instead, turn its poolings into their 8-bit forms, and measure what that"
                + " costs: int8 or uint8. Writes quantization.json."})
    private String quantize;

    @Override
    public Integer call() throws IOException, InterruptedException {
        RegionProtocol protocol = new RegionProtocol(
                regions(),
                atLeastOne("--seeds", seeds, SEEDS, QUICK_SEEDS),
                atLeastOne("--epochs", epochs, EPOCHS, QUICK_EPOCHS),
                atLeastOne("--scenes", scenes, SCENES, QUICK_SCENES),
                atLeastOne("--test-scenes", testScenes, testScenes, testScenes));
        int processes = processes(protocol.seeds() * protocol.regions().size());
        QuantizedSwap swap = quantize == null ? null : QuantizedSwap.to(quantizedType());
        Path folder = folder();
        if (swap != null) {
            RegionQuantization quantization = RegionWorker.quantization(protocol, swap);
            out().print(quantization);
            out().flush();
            Json.write(folder.resolve("quantization.json"), quantization);
            return 0;
        }
        Json.write(folder.resolve(StudyProcess.PROTOCOL_FILE), protocol);
        long start = System.nanoTime();
        List<RegionRun> runs = train(protocol, folder, processes);
        report(new RegionStudy(protocol, Machine.describe(), secondsSince(start), runs), folder, out());
        return 0;
    }

    private List<RegionRun> train(RegionProtocol protocol, Path folder, int processes) throws InterruptedException {
        out().printf(Locale.ROOT, "Training %d networks with each of %d seeds in %d processes%n",
                protocol.regions().size(),
                protocol.seeds(), processes);
        out().flush();
        List<Callable<RegionRun>> jobs = new ArrayList<>();
        for (int seed = 1; seed <= protocol.seeds(); seed++) {
            long number = seed;
            for (Regions regions : protocol.regions()) {
                jobs.add(() -> RegionWorker.inProcess(folder, regions, number));
            }
        }
        AtomicInteger done = new AtomicInteger();
        return StudyProcess.all(jobs, processes, run -> {
            out().printf(Locale.ROOT, "%d of %d: %s, seed %d, accuracy %.4f, IoU %.4f%n", done.incrementAndGet(),
                    jobs.size(), RegionNames.title(run.regions()), run.seed(), run.accuracy(), run.refinedIou());
            out().flush();
        });
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
        WholeFile.write(picture, Picture.png(RegionPicture.draw(study,
                RegionWorker.testScenes(ImageDatasets.load(ImageDatasets.EMBEDDED), study.protocol()))));
        out.println("Trained in " + study.seconds() + " s on " + study.machine() + ".");
        out.println("Picture: " + picture + ". Repeat with: " + study.protocol().commandLine());
        out.flush();
    }

    private DataType quantizedType() {
        switch (quantize) {
            case "int8":
                return DataType.INT8;
            case "uint8":
                return DataType.UINT8;
            default:
                throw parameterError("--quantize is " + quantize + ", expected int8 or uint8", null);
        }
    }

    private List<Regions> regions() {
        try {
            return names.stream().distinct().map(RegionNames::named).collect(Collectors.toList());
        } catch (IllegalArgumentException e) {
            throw parameterError("--regions: " + e.getMessage(), e);
        }
    }
}
