// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.ops.PoolingWindow;
import java.io.PrintWriter;
import java.util.List;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** The rounds of {@link Halving}, its final check, and what follows from them. The content of recommendation.json. */
final class Recommendation {
    private final List<Comparison> rounds;
    private final Comparison check;
    private final String pooling;
    private final String evidence;

    /** @param check max and the pooling that was left, on the test images */
    Recommendation(List<Comparison> rounds, Comparison check) {
        this.rounds = List.copyOf(rounds);
        this.check = check;
        VariantSummary left = check.summaries().get(1);
        boolean better = left.difference().mean() > 0;
        pooling = better ? left.pooling() : Halving.REFERENCE;
        evidence = evidence(left);
    }

    @JsonCreator
    private Recommendation(
            @JsonProperty("rounds") List<Comparison> rounds,
            @JsonProperty("check") Comparison check,
            @JsonProperty("pooling") String pooling,
            @JsonProperty("evidence") String evidence) {
        this.rounds = List.copyOf(rounds);
        this.check = check;
        this.pooling = pooling;
        this.evidence = evidence;
    }

    List<Comparison> rounds() {
        return rounds;
    }

    Comparison check() {
        return check;
    }

    /** The name of the recommended one. */
    String pooling() {
        return pooling;
    }

    /** What the final check says of the pooling that was left, in words. */
    String evidence() {
        return evidence;
    }

    private String evidence(VariantSummary left) {
        PairedDifference difference = left.difference();
        String numbers = ResultTable.points("%+.2f", difference.mean()) + " points on "
                + check.protocol().testImages() + " test images";
        if (difference.pairs() == 1) {
            return numbers + " with one pair of networks, which says nothing about chance";
        }
        String test = numbers + ", 95 % interval " + ResultTable.interval(difference.low(), difference.high()) + ", p "
                + ResultTable.pText(difference.pValue()) + " with " + difference.pairs() + " pairs";
        if (Findings.isReal(left)) {
            return (difference.mean() > 0 ? "better than " : "worse than ") + Halving.REFERENCE + " (" + test + ")";
        }
        return "not distinguishable from " + Halving.REFERENCE + " (" + test + "; it would have taken "
                + ResultTable.points("%.2f", difference.smallestShown(ResultTable.LEVEL, 1)) + " points)";
    }

    /** @param window of the network's first pooling layer, for the line to paste */
    void print(PoolingWindow window, PrintWriter out) {
        String left = check.summaries().get(1).pooling();
        out.println();
        out.print(ResultTable.create(check).toText());
        out.println();
        out.println(
                "Of " + (rounds.get(0).summaries().size() - 1) + " poolings " + left + " was left. It is " + evidence
                        + ".");
        if (left.equals(pooling)) {
            out.println(Findings.isReal(check.summaries().get(1)) ? "Recommended: " + pooling
                    : "Recommended: " + pooling + ", unless " + Halving.REFERENCE + " is preferred for its speed");
        } else {
            out.println("Recommended: stay with " + pooling);
        }
        out.println();
        out.println("    " + BuilderLine.of(pooling, window));
        out.println("or, for a network that you have,");
        out.println("    " + BuilderLine.swap(pooling));
        out.flush();
    }
}
