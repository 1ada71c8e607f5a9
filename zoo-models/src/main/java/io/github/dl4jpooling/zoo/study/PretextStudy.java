// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.compare.HolmCorrection;
import io.github.dl4jpooling.zoo.compare.PairedDifference;
import io.github.dl4jpooling.zoo.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.StatUtils;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** What encoders with different poolings keep, as tables. */
final class PretextStudy {
    private static final double PERCENT = 100;
    private static final String NONE = "-";

    private final PretextProtocol protocol;
    private final String machine;
    private final long seconds;
    private final List<PretextRun> runs;

    @JsonCreator
    PretextStudy(@JsonProperty("protocol") PretextProtocol protocol, @JsonProperty("machine") String machine,
            @JsonProperty("seconds") long seconds, @JsonProperty("runs") List<PretextRun> runs) {
        this.protocol = protocol;
        this.machine = machine;
        this.seconds = seconds;
        this.runs = runs;
    }

    /** Runs of a pooling, by seed. */
    List<PretextRun> runs(String pooling) {
        return runs.stream().filter(run -> run.pooling().equals(pooling)).collect(Collectors.toList());
    }

    private double[] values(String pooling, ToDoubleFunction<PretextRun> measure) {
        return runs(pooling).stream().mapToDouble(measure).toArray();
    }

    private static String format(String format, double value) {
        return Double.isNaN(value) ? NONE : String.format(Locale.ROOT, format, value);
    }

    private static String deviation(String format, double factor, double... values) {
        return values.length < 2 ? NONE : format(format, factor * Math.sqrt(StatUtils.variance(values)));
    }

    /** A row for each pooling. */
    Table results() {
        Table table = new Table("Pooling", ">Error", ">SD", ">Probe", ">SD", ">Untrained", ">Parameters");
        for (String pooling : protocol.poolings()) {
            double[] error = values(pooling, PretextRun::error);
            double[] accuracy = values(pooling, PretextRun::accuracy);
            table.row(pooling,
                    format("%.5f", StatUtils.mean(error)), deviation("%.5f", 1, error),
                    format("%.2f %%", PERCENT * StatUtils.mean(accuracy)), deviation("%.2f", PERCENT, accuracy),
                    format("%.2f %%", PERCENT * StatUtils.mean(values(pooling, PretextRun::untrained))),
                    String.format(Locale.ROOT, "%,d", runs(pooling).get(0).parameters()));
        }
        return table;
    }

    /** Each pooling against the first: errors where images are rebuilt, then accuracies in percentage points. */
    Table differences() {
        Table table = new Table("Pooling", "Measure", ">Difference", ">95 % interval", ">p (Holm)");
        if (protocol.rebuilds()) {
            addDifferences(table, "error", "%+.5f", 1, PretextRun::error);
        }
        addDifferences(table, "probe", "%+.2f", PERCENT, PretextRun::accuracy);
        return table;
    }

    private void addDifferences(
            Table table, String name, String format, double factor, ToDoubleFunction<PretextRun> measure) {
        List<String> others = protocol.poolings().subList(1, protocol.poolings().size());
        List<PairedDifference> differences = new ArrayList<>();
        others.forEach(pooling -> differences.add(
                PairedDifference.of(values(pooling, measure), values(protocol.poolings().get(0), measure))));
        double[] holm = HolmCorrection.adjust(
                differences.stream().mapToDouble(PairedDifference::pValue).toArray());
        for (int i = 0; i < holm.length; i++) {
            PairedDifference difference = differences.get(i);
            boolean single = Double.isNaN(difference.low());
            table.row(others.get(i) + " - " + protocol.poolings().get(0), name,
                    format(format, factor * difference.mean()),
                    single ? NONE : format(format, factor * difference.low()) + " to "
                            + format(format, factor * difference.high()),
                    format("%.3f", holm[i]));
        }
    }

    /** What the numbers are. */
    String legend() {
        return "Error: mean squared error of a pixel of rebuilt test images, pixels from 0 to 1. Probe: accuracy of a"
                + " linear classifier on the codes of the frozen encoder; untrained: the same before the pretext task."
                + " Means over " + protocol.seeds() + " seeds and " + protocol.testImages() + " test images; "
                + "differences in the same units, accuracies in percentage points. SD: standard deviation over the"
                + " seeds. Intervals and p by Student's t on the pairs with equal seed, p corrected by Holm for each"
                + " measure.";
    }

    PretextProtocol protocol() {
        return protocol;
    }

    /** What it ran on. */
    String machine() {
        return machine;
    }

    long seconds() {
        return seconds;
    }
}
