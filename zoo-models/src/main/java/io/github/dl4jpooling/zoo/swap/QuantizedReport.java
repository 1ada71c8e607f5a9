// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.zoo.text.Table;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;

/** What 8-bit poolings cost at each place of a network. Its fields are what it is as JSON. */
public final class QuantizedReport {

    /** A pooling that became 8-bit. */
    public static final class Entry {
        private final String site;
        private final String pooling;
        private final String type;
        private final double[] scales;
        private final int[] zeroPoints;
        private final double largestErrorInSteps;
        private final double meanErrorInSteps;
        private final double signalToNoise;

        Entry(QuantizedSite site, QuantizationError error) {
            Quantization q = site.quantization();
            this.site = site.name();
            pooling = site.pooling();
            type = q.least() < 0 ? "INT8" : "UINT8";
            scales = IntStream.range(0, q.channels()).mapToDouble(q::scale).toArray();
            zeroPoints = IntStream.range(0, q.channels()).map(q::zeroPoint).toArray();
            largestErrorInSteps = error.largestSteps();
            meanErrorInSteps = error.meanSteps();
            signalToNoise = error.signalToNoise();
        }

        /** @return name of the layer or vertex */
        public String site() {
            return site;
        }

        /** @return what it computes, for instance "max" */
        public String pooling() {
            return pooling;
        }

        /** @return sizes of a step, one or one a channel */
        public double[] scales() {
            return scales.clone();
        }

        /** @return numbers that stand for 0, as many */
        public int[] zeroPoints() {
            return zeroPoints.clone();
        }

        /** @return largest difference to the float layer's result on the examples, in steps */
        public double largestErrorInSteps() {
            return largestErrorInSteps;
        }

        /** @return mean difference, in steps */
        public double meanErrorInSteps() {
            return meanErrorInSteps;
        }

        /** @return power of the float layer's result by that of the difference, in dB */
        public double signalToNoise() {
            return signalToNoise;
        }
    }

    private final List<Entry> swapped;
    private final List<String> kept;

    QuantizedReport(List<Entry> swapped, List<String> kept) {
        this.swapped = swapped;
        this.kept = kept;
    }

    /** @return poolings that became 8-bit */
    public List<Entry> swapped() {
        return List.copyOf(swapped);
    }

    /** @return poolings that stayed, each with the reason */
    public List<String> kept() {
        return List.copyOf(kept);
    }

    /** @return the table: a row for each pooling that became 8-bit */
    public Table table() {
        Table table = new Table("Site", "Pooling", "Type", ">Scale", ">Zero point", ">Largest error", ">Mean error",
                ">SQNR");
        for (Entry entry : swapped) {
            String scale = range(number(Arrays.stream(entry.scales).min().getAsDouble()),
                    number(Arrays.stream(entry.scales).max().getAsDouble()));
            String zero = range("" + Arrays.stream(entry.zeroPoints).min().getAsInt(),
                    "" + Arrays.stream(entry.zeroPoints).max().getAsInt());
            table.row(entry.site, entry.pooling, entry.type, scale, zero, fixed(entry.largestErrorInSteps) + " steps",
                    fixed(entry.meanErrorInSteps), String.format(Locale.ROOT, "%.1f dB", entry.signalToNoise));
        }
        return table;
    }

    private static String range(String least, String most) {
        return least.equals(most) ? least : least + ".." + most;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    private static String fixed(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(table().toText());
        kept.forEach(site -> text.append("Stays float: ").append(site).append('\n'));
        return text.toString();
    }
}
