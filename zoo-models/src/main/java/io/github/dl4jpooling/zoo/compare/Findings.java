// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What a comparison shows and what it does not, in words. */
final class Findings {
    private final Comparison comparison;
    private final String first;
    private final List<VariantSummary> others;

    private Findings(Comparison comparison) {
        this.comparison = comparison;
        List<VariantSummary> summaries = comparison.summaries();
        first = summaries.get(0).pooling();
        others = summaries.subList(1, summaries.size());
    }

    /** A sentence for each pooling but the first, one on all, and one for each whose training failed. */
    static List<String> of(Comparison comparison) {
        return new Findings(comparison).sentences();
    }

    private List<String> sentences() {
        List<String> sentences = new ArrayList<>();
        others.forEach(summary -> sentences.add(sentence(summary)));
        int seeds = comparison.protocol().seeds();
        if (seeds > 1 && others.size() > 1) {
            sentences.add(overview());
        }
        if (seeds > 1 && !others.isEmpty() && SignedRanks.smallestPValue(seeds) * others.size() > ResultTable.LEVEL) {
            sentences.add("Wilcoxon's test cannot show anything here: with " + seeds + " seeds its p is at least "
                    + ResultTable.smallestWilcoxon(seeds) + ", before the correction for "
                    + TrainedRuns.counted(others.size(), "comparison") + ".");
        }
        for (VariantSummary summary : comparison.summaries()) {
            long failed = comparison.runs(summary.pooling()).stream().filter(Findings::diverged).count();
            if (failed > 0) {
                sentences.add(summary.pooling() + ": training diverged (the loss is not a number) with " + failed
                        + " of " + seeds + " seeds.");
            }
        }
        return sentences;
    }

    private String sentence(VariantSummary summary) {
        PairedDifference difference = summary.difference();
        String beginning = summary.pooling() + ": ";
        String mean = ResultTable.points("%+.2f", difference.mean());
        if (difference.pairs() == 1) {
            return beginning + mean + " points against " + first
                    + " with the only seed; one pair says nothing about chance.";
        }
        String evidence = "95 % interval " + ResultTable.interval(difference.low(), difference.high()) + ", p "
                + ResultTable.pText(summary.holmPValue()) + " after Holm";
        if (isReal(summary)) {
            return beginning + ResultTable.points("%.2f", Math.abs(difference.mean())) + " points "
                    + (difference.mean() > 0 ? "more" : "less") + " accurate than " + first + " (" + evidence + ").";
        }
        return beginning + "no difference from " + first + " shown (mean " + mean + " points, " + evidence
                + "); it would have taken "
                + ResultTable.points("%.2f", difference.smallestShown(ResultTable.LEVEL, others.size())) + " points.";
    }

    private String overview() {
        List<String> parts = new ArrayList<>();
        addPart(parts, summary -> isReal(summary) && summary.difference().mean() > 0, "more accurate");
        addPart(parts, summary -> isReal(summary) && summary.difference().mean() < 0, "less accurate");
        addPart(parts, summary -> !isReal(summary), "within the noise of " + comparison.protocol().seeds() + " seeds");
        return "In short, against " + first + ": " + String.join("; ", parts) + ".";
    }

    private void addPart(List<String> parts, Predicate<VariantSummary> wanted, String what) {
        String names = others.stream().filter(wanted).map(VariantSummary::pooling).collect(Collectors.joining(", "));
        if (!names.isEmpty()) {
            parts.add(names + " " + what);
        }
    }

    /** Whether the t test, corrected for the number of comparisons, shows a difference. */
    static boolean isReal(VariantSummary summary) {
        return summary.holmPValue() < ResultTable.LEVEL;
    }

    private static boolean diverged(RunResult run) {
        return run.epochs().stream().anyMatch(epoch -> Double.isNaN(epoch.trainLoss()));
    }
}
