// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** A comparison as a table of numbers and in words. */
final class ResultTable {
    private static final double LEVEL = 0.05;
    private static final double SMALLEST_P = 0.001;
    private static final double PERCENT = 100;
    private static final String NONE = "-";

    private ResultTable() {}

    /** What the columns of the table mean. */
    static String legend(Protocol protocol) {
        return "Accuracy: mean over the seeds, on " + protocol.testImages() + " test images after the last epoch. SD:"
                + " standard deviation over the seeds. Differences, their SD and interval are in percentage points."
                + " Train ms, Infer ms: milliseconds per image with one thread, median over all epochs.";
    }

    static Table create(Comparison comparison) {
        String first = comparison.protocol().poolings().get(0);
        Table table = new Table("Pooling", ">Accuracy", ">SD", ">Minus " + first, ">Pair SD", ">95 % interval",
                ">p (Holm)", ">Train ms", ">Infer ms", ">Parameters");
        for (VariantSummary summary : comparison.summaries()) {
            PairedDifference difference = summary.difference();
            table.row(
                    summary.pooling(),
                    percent(summary.accuracy()),
                    points("%.2f", summary.standardDeviation()),
                    difference == null ? NONE : points("%+.2f", difference.mean()),
                    difference == null ? NONE : points("%.2f", difference.standardDeviation()),
                    difference == null ? NONE : interval(difference),
                    pValue(summary.holmPValue()),
                    number("%.3f", summary.trainMillis()),
                    number("%.3f", summary.inferenceMillis()),
                    number("%,d", summary.parameters()));
        }
        return table;
    }

    /** One sentence for each pooling but the first: what the runs show, and what they do not. */
    static List<String> findings(Comparison comparison) {
        List<String> findings = new ArrayList<>();
        List<VariantSummary> summaries = comparison.summaries();
        String first = summaries.get(0).pooling();
        for (VariantSummary summary : summaries.subList(1, summaries.size())) {
            findings.add(finding(summary, first));
        }
        for (VariantSummary summary : summaries) {
            long failed = comparison.runs(summary.pooling()).stream().filter(ResultTable::diverged).count();
            if (failed > 0) {
                findings.add(summary.pooling() + ": training diverged (the loss is not a number) with " + failed
                        + " of " + comparison.protocol().seeds() + " seeds.");
            }
        }
        return findings;
    }

    private static String finding(VariantSummary summary, String first) {
        PairedDifference difference = summary.difference();
        String beginning = summary.pooling() + ": ";
        String mean = points("%+.2f", difference.mean());
        if (Double.isNaN(difference.pValue())) {
            return beginning + mean + " points against " + first
                    + " with the only seed; one pair says nothing about chance.";
        }
        String evidence =
                "95 % interval " + interval(difference) + ", p " + pText(summary.holmPValue()) + " after Holm";
        if (summary.holmPValue() < LEVEL) {
            return beginning + points("%.2f", Math.abs(difference.mean())) + " points "
                    + (difference.mean() > 0 ? "more" : "less") + " accurate than " + first + " (" + evidence + ").";
        }
        return beginning + "no difference from " + first + " shown (mean " + mean + " points, " + evidence + ").";
    }

    /** What knowing nothing gives, in a sentence. */
    static String chance(Comparison comparison) {
        return "Always answering the most frequent class would give " + percent(comparison.circumstances().chance())
                + " accuracy.";
    }

    private static boolean diverged(RunResult run) {
        return run.epochs().stream().anyMatch(epoch -> Double.isNaN(epoch.trainLoss()));
    }

    /** A share as a percentage. */
    static String percent(double share) {
        return number("%.2f %%", PERCENT * share);
    }

    private static String interval(PairedDifference difference) {
        return Double.isNaN(difference.low()) ? NONE
                : points("%+.2f", difference.low()) + " to " + points("%+.2f", difference.high());
    }

    private static String points(String format, double share) {
        return Double.isNaN(share) ? NONE : number(format, PERCENT * share);
    }

    private static String pValue(double p) {
        return Double.isNaN(p) ? NONE : p < SMALLEST_P ? "< 0.001" : number("%.3f", p);
    }

    private static String pText(double p) {
        return p < SMALLEST_P ? pValue(p) : "= " + pValue(p);
    }

    private static String number(String format, Object number) {
        return String.format(Locale.ROOT, format, number);
    }
}
