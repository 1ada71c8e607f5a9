// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.text.Table;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Successive halving (Jamieson and Talwalkar 2016) over poolings: each round keeps the half with the largest mean
 * paired difference to max pooling on the validation images, and the next one doubles epochs or seeds, in turn. All
 * rounds cost about the same. Max itself is in every round, since the others are paired with it.
 */
final class Halving {
    /** What the others are compared with, and what is recommended when nothing is better. */
    static final String REFERENCE = "max";

    private final TrainingOptions options;
    private final ImageDataset all;
    private final int trainImages;
    private final int measuredImages;
    private final Path folder;
    private final PrintWriter out;

    /**
     * @param all the whole data set
     * @param trainImages for each network
     * @param measuredImages for validation and test, or all if there are fewer
     */
    Halving(TrainingOptions options, ImageDataset all, int trainImages, int measuredImages, Path folder) {
        this.options = options;
        this.all = all;
        this.trainImages = trainImages;
        this.measuredImages = measuredImages;
        this.folder = folder;
        out = options.out();
    }

    /**
     * @param candidates max first, and at least one more
     * @param firstSeeds of the first round
     * @param firstEpochs of the first round
     */
    Recommendation run(List<String> candidates, int firstSeeds, int firstEpochs)
            throws IOException, InterruptedException {
        List<String> left = new ArrayList<>(candidates);
        List<Comparison> rounds = new ArrayList<>();
        int seeds = firstSeeds;
        int epochs = firstEpochs;
        do {
            Comparison round = train(left, seeds, epochs, true);
            rounds.add(round);
            List<VariantSummary> ranked = ranked(round);
            int kept = Math.max(1, (left.size() - 1) / 2);
            print(rounds.size(), round, ranked, kept);
            left = new ArrayList<>(List.of(REFERENCE));
            ranked.stream().limit(kept).map(VariantSummary::pooling).forEach(left::add);
            if (rounds.size() % 2 == 1) {
                epochs *= 2;
            } else {
                seeds *= 2;
            }
        } while (left.size() > 2);
        Protocol last = rounds.get(rounds.size() - 1).protocol();
        out.println("Final check of " + left.get(1) + " against " + REFERENCE + ", on the test images");
        Comparison check = train(left, 2 * last.seeds(), last.epochs(), false);
        return new Recommendation(rounds, check);
    }

    private Comparison train(List<String> poolings, int seeds, int epochs, boolean validation)
            throws IOException, InterruptedException {
        ImageDataset source = validation ? Protocol.split(all) : all;
        Protocol protocol = new Protocol(options.data(), options.model(), poolings, seeds, epochs, trainImages,
                Math.min(measuredImages, source.test().size()), options.batch(), validation);
        ImageDataset images = protocol.images(all);
        long start = System.nanoTime();
        TrainedRuns runs = new TrainedRuns(protocol, new RunStore(folder, protocol, images), options.workers(),
                folder.resolve("logs"), out);
        List<RunResult> results = runs.train();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        return Comparison.of(protocol, Circumstances.now(images, options.workers(), seconds, runs.reused()), results,
                Map.of());
    }

    /** All but max, the best first. */
    private static List<VariantSummary> ranked(Comparison round) {
        return round.summaries().stream().skip(1)
                .sorted(Comparator.comparingDouble(summary -> -summary.difference().mean()))
                .collect(Collectors.toList());
    }

    private void print(int number, Comparison round, List<VariantSummary> ranked, int kept) {
        Protocol protocol = round.protocol();
        out.println();
        out.println("Round " + number + ": " + TrainedRuns.counted(protocol.seeds(), "seed") + ", "
                + TrainedRuns.counted(protocol.epochs(), "epoch") + " on " + protocol.trainImages()
                + " training images, measured on " + protocol.testImages() + " images set apart from them");
        Table table = new Table("Pooling", ">Accuracy", ">Minus " + REFERENCE, ">95 % interval", ">Train ms", "");
        VariantSummary reference = round.summaries().get(0);
        table.row(reference.pooling(), ResultTable.percent(reference.accuracy()), "-", "-",
                ResultTable.millis(reference.trainMillis()), "reference");
        for (int i = 0; i < ranked.size(); i++) {
            PairedDifference difference = ranked.get(i).difference();
            table.row(ranked.get(i).pooling(), ResultTable.percent(ranked.get(i).accuracy()),
                    ResultTable.points("%+.2f", difference.mean()),
                    ResultTable.interval(difference.low(), difference.high()),
                    ResultTable.millis(ranked.get(i).trainMillis()), i < kept ? "kept" : "dropped");
        }
        out.println(table.toText());
        out.flush();
    }
}
