// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.text.Table;
import java.util.List;
import java.util.Locale;

/** A comparison as tables of numbers. */
final class ResultTable {
    /** Of significance. */
    static final double LEVEL = 0.05;
    private static final double SMALLEST_P = 0.001;
    private static final double PERCENT = 100;
    private static final double KIBI = 1024;
    private static final String NONE = "-";

    private ResultTable() {}

    /** What the columns of the tables mean. */
    static String legend(Protocol protocol) {
        return "Accuracy: mean over the seeds with its 95 % interval, on " + protocol.testImages()
                + " test images after the last epoch. Differences, their SD and intervals are in percentage points;"
                + " Needed: the smallest difference that so many seeds with this SD show. p: Student's t and Wilcoxon,"
                + " corrected by Holm. Train ms, Infer ms: milliseconds per image with one thread, median over all"
                + " epochs. KiB: memory that training takes for each image of a batch.";
    }

    /** Accuracy and costs. */
    static Table create(Comparison comparison) {
        String first = comparison.protocol().poolings().get(0);
        Table table = new Table("Pooling", ">Accuracy", ">95 % interval", ">Minus " + first, ">p (Holm)", ">Train ms",
                ">Infer ms", ">KiB", ">Parameters");
        for (VariantSummary summary : comparison.summaries()) {
            PairedDifference difference = summary.difference();
            table.row(
                    summary.pooling(),
                    percent(summary.accuracy()),
                    Double.isNaN(summary.low()) ? NONE
                            : points("%.2f", summary.low()) + " to " + points("%.2f", summary.high()),
                    difference == null ? NONE : points("%+.2f", difference.mean()),
                    pValue(summary.holmPValue()),
                    millis(summary.trainMillis()),
                    millis(summary.inferenceMillis()),
                    Double.isNaN(summary.trainBytes()) ? NONE : number("%.0f", summary.trainBytes() / KIBI),
                    number("%,d", summary.parameters()));
        }
        return table;
    }

    /** What the differences are worth. */
    static Table statistics(Comparison comparison) {
        List<VariantSummary> summaries = comparison.summaries();
        Table table = new Table("Minus " + summaries.get(0).pooling(), ">Mean", ">Pair SD", ">95 % interval (t)",
                ">95 % (bootstrap)", ">p (t)", ">p (Wilcoxon)", ">Needed");
        for (VariantSummary summary : summaries.subList(1, summaries.size())) {
            PairedDifference difference = summary.difference();
            table.row(
                    summary.pooling(),
                    points("%+.2f", difference.mean()),
                    points("%.2f", difference.standardDeviation()),
                    interval(difference.low(), difference.high()),
                    interval(difference.bootstrapLow(), difference.bootstrapHigh()),
                    pValue(summary.holmPValue()),
                    pValue(summary.holmWilcoxonPValue()),
                    points("%.2f", difference.smallestShown(LEVEL, summaries.size() - 1)));
        }
        return table;
    }

    /** What knowing nothing gives, in a sentence. */
    static String chance(Comparison comparison) {
        return "Always answering the most frequent class would give " + percent(comparison.circumstances().chance())
                + " accuracy.";
    }

    /** A share as a percentage. */
    static String percent(double share) {
        return number("%.2f %%", PERCENT * share);
    }

    /** The smallest p value of Wilcoxon's test. */
    static String smallestWilcoxon(int seeds) {
        return number("%.3g", SignedRanks.smallestPValue(seeds));
    }

    static String interval(double low, double high) {
        return Double.isNaN(low) ? NONE : points("%+.2f", low) + " to " + points("%+.2f", high);
    }

    /** A share in percentage points. */
    static String points(String format, double share) {
        return Double.isNaN(share) ? NONE : number(format, PERCENT * share);
    }

    private static String pValue(double p) {
        return Double.isNaN(p) ? NONE : p < SMALLEST_P ? "< 0.001" : number("%.3f", p);
    }

    static String pText(double p) {
        return p < SMALLEST_P ? pValue(p) : "= " + pValue(p);
    }

    /** Milliseconds. */
    static String millis(double millis) {
        return number("%.3f", millis);
    }

    private static String number(String format, Object number) {
        return String.format(Locale.ROOT, format, number);
    }
}
