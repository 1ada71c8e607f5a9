// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.swap.QuantizedReport;
import io.github.dl4jpooling.zoo.swap.QuantizedSwap;
import io.github.dl4jpooling.zoo.text.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A network before and after its poolings became 8-bit. Its fields are what it is as JSON. */
final class QuantizationRun {
    private static final double PERCENT = 100;

    private QuantizedReport poolings;
    private double accuracyBefore;
    private double accuracyAfter;
    private double lossBefore;
    private double lossAfter;
    private double millisPerImageBefore;
    private double millisPerImageAfter;

    private QuantizationRun() {}

    /**
     * Swaps and measures.
     *
     * @param calibrationImages how many of the training images are for the calibration
     * @param rounds how often the test images go through both networks; the median of the times counts
     */
    static QuantizationRun of(ComparedNetwork before, QuantizedSwap swap, ImageDataset images, int calibrationImages,
            int batch, int rounds) {
        QuantizationRun run = new QuantizationRun();
        ComparedNetwork after = before.quantized(
                swap, images.train().take(calibrationImages).batches(batch), report -> run.poolings = report);
        before.enableOneDnn();
        after.enableOneDnn();
        List<Double> millisBefore = new ArrayList<>();
        List<Double> millisAfter = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            Evaluation old = Evaluation.of(before, images.test(), batch);
            Evaluation now = Evaluation.of(after, images.test(), batch);
            millisBefore.add(old.millis());
            millisAfter.add(now.millis());
            run.accuracyBefore = old.accuracy();
            run.accuracyAfter = now.accuracy();
            run.lossBefore = old.loss();
            run.lossAfter = now.loss();
        }
        run.millisPerImageBefore = median(millisBefore);
        run.millisPerImageAfter = median(millisAfter);
        return run;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().skip(values.size() / 2).findFirst().orElseThrow();
    }

    double accuracyBefore() {
        return accuracyBefore;
    }

    double accuracyAfter() {
        return accuracyAfter;
    }

    void print(PrintWriter out) {
        out.println();
        out.print(poolings);
        out.println();
        Table table = new Table("Network", ">Accuracy", ">Loss", ">ms an image");
        table.row("float poolings", percent(accuracyBefore), number("%.4f", lossBefore),
                number("%.4f", millisPerImageBefore));
        table.row("8-bit poolings", percent(accuracyAfter), number("%.4f", lossAfter),
                number("%.4f", millisPerImageAfter));
        out.print(table.toText());
        out.flush();
    }

    private static String percent(double share) {
        return number("%.2f %%", PERCENT * share);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }
}
