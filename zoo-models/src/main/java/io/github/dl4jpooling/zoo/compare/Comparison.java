// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.StatUtils;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** A finished comparison: protocol, circumstances, all runs, and what they show. The content of results.json. */
final class Comparison {
    private static final double MEDIAN = 50;

    private final Protocol protocol;
    private final Circumstances circumstances;
    private final List<VariantSummary> summaries;
    private final List<RunResult> runs;

    @JsonCreator
    private Comparison(
            @JsonProperty("protocol") Protocol protocol,
            @JsonProperty("circumstances") Circumstances circumstances,
            @JsonProperty("summaries") List<VariantSummary> summaries,
            @JsonProperty("runs") List<RunResult> runs) {
        this.protocol = protocol;
        this.circumstances = circumstances;
        this.summaries = List.copyOf(summaries);
        this.runs = List.copyOf(runs);
    }

    /**
     * @param runs of all poolings and seeds of the protocol, in the order of its jobs
     * @param memory bytes that training takes for each image, by pooling
     */
    static Comparison of(Protocol protocol, Circumstances circumstances, List<RunResult> runs,
            Map<String, Double> memory) {
        return new Comparison(protocol, circumstances, summarise(protocol.poolings(), runs, memory), runs);
    }

    private static List<VariantSummary> summarise(List<String> poolings, List<RunResult> runs,
            Map<String, Double> memory) {
        double[] baseline = accuracies(runs, poolings.get(0));
        List<PairedDifference> differences = new ArrayList<>();
        for (String pooling : poolings.subList(1, poolings.size())) {
            differences.add(PairedDifference.of(accuracies(runs, pooling), baseline));
        }
        double[] holm = holm(differences, PairedDifference::pValue);
        double[] wilcoxon = holm(differences, PairedDifference::wilcoxonPValue);
        List<VariantSummary> summaries = new ArrayList<>();
        for (int i = 0; i < poolings.size(); i++) {
            List<RunResult> own = runsOf(runs, poolings.get(i));
            MeanInterval accuracy = MeanInterval.of(accuracies(runs, poolings.get(i)));
            summaries.add(new VariantSummary(
                    poolings.get(i),
                    accuracy.mean(),
                    accuracy.standardDeviation(),
                    accuracy.low(),
                    accuracy.high(),
                    i == 0 ? null : differences.get(i - 1),
                    i == 0 ? Double.NaN : holm[i - 1],
                    i == 0 ? Double.NaN : wilcoxon[i - 1],
                    median(own, EpochResult::trainMillis),
                    median(own, EpochResult::inferenceMillis),
                    memory.getOrDefault(poolings.get(i), Double.NaN),
                    own.get(0).parameters()));
        }
        return summaries;
    }

    private static double[] holm(List<PairedDifference> differences, ToDoubleFunction<PairedDifference> pValue) {
        return HolmCorrection.adjust(differences.stream().mapToDouble(pValue).toArray());
    }

    private static List<RunResult> runsOf(List<RunResult> runs, String pooling) {
        return runs.stream().filter(run -> run.pooling().equals(pooling)).collect(Collectors.toList());
    }

    private static double[] accuracies(List<RunResult> runs, String pooling) {
        return runsOf(runs, pooling).stream().mapToDouble(RunResult::accuracy).toArray();
    }

    /** Not the mean: the first epochs of a process are slow, and other work on the machine disturbs single ones. */
    private static double median(List<RunResult> runs, ToDoubleFunction<EpochResult> time) {
        return StatUtils.percentile(
                runs.stream().flatMap(run -> run.epochs().stream()).mapToDouble(time).toArray(), MEDIAN);
    }

    Protocol protocol() {
        return protocol;
    }

    Circumstances circumstances() {
        return circumstances;
    }

    /** In the order of the protocol's poolings. */
    List<VariantSummary> summaries() {
        return summaries;
    }

    List<RunResult> runs() {
        return runs;
    }

    /** The runs of one pooling by seed. */
    List<RunResult> runs(String pooling) {
        return runsOf(runs, pooling);
    }
}
