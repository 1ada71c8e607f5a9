// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.text.WholeFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Carries a comparison out: trains, sums up, prints and writes the report. */
final class ComparisonRun {
    private static final String NO_FONTS = "There are no pictures because Java finds no font on this system; on Debian,"
            + " the packages fontconfig and fonts-dejavu-core bring one.";

    private final Protocol protocol;
    private final ImageDataset data;
    private final int workers;
    private final Path folder;
    private final PrintWriter out;

    /** @param data the images of the protocol */
    ComparisonRun(Protocol protocol, ImageDataset data, int workers, Path folder, PrintWriter out) {
        this.protocol = protocol;
        this.data = data;
        this.workers = workers;
        this.folder = folder;
        this.out = out;
    }

    Comparison run() throws IOException, InterruptedException {
        out.println("Data: " + data);
        out.println("Network " + protocol.model().modelName() + ": " + protocol.model().description());
        RunStore store = new RunStore(folder, protocol, data);
        store.unused().forEach(out::println);
        long start = System.nanoTime();
        TrainedRuns runs = new TrainedRuns(protocol, store, workers, folder.resolve("logs"), out);
        List<RunResult> results = runs.train();
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        Circumstances circumstances = Circumstances.now(data, workers, seconds, runs.reused());
        Comparison comparison = Comparison.of(protocol, circumstances, results, runs.memory());
        print(comparison);
        ResultFiles.write(comparison, folder);
        writeReport(comparison, store);
        out.println("Report: " + folder.resolve("report.html"));
        out.flush();
        return comparison;
    }

    private void print(Comparison comparison) {
        out.println();
        out.print(ResultTable.create(comparison).toText());
        out.println();
        if (protocol.poolings().size() > 1) {
            out.print(ResultTable.statistics(comparison).toText());
            out.println();
        }
        Findings.of(comparison).forEach(out::println);
        out.println(ResultTable.chance(comparison));
        out.println();
        out.println(ResultTable.legend(protocol));
        out.println(comparison.circumstances().effort() + ". Repeat with: " + protocol.commandLine());
        out.flush();
    }

    private void writeReport(Comparison comparison, RunStore store) throws IOException {
        byte[] curves = {};
        List<byte[]> featureMaps = new ArrayList<>();
        boolean drawable = Picture.hasFonts();
        if (drawable) {
            curves = Picture.png(Charts.draw(comparison));
            WholeFile.write(folder.resolve("curves.png"), curves);
            for (BufferedImage picture : FeatureMapPictures.draw(protocol, store, data.test())) {
                byte[] png = Picture.png(picture);
                featureMaps.add(png);
                String number = featureMaps.size() == 1 ? "" : "-" + featureMaps.size();
                WholeFile.write(folder.resolve("feature-maps" + number + ".png"), png);
            }
        } else {
            out.println(NO_FONTS);
        }
        WholeFile.write(folder.resolve("report.html"),
                HtmlReport.create(comparison, curves, featureMaps, drawable ? "" : NO_FONTS));
    }
}
