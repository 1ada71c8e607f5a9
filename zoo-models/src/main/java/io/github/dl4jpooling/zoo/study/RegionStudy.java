// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.study;

import io.github.dl4jpooling.zoo.compare.HolmCorrection;
import io.github.dl4jpooling.zoo.compare.PairedDifference;
import io.github.dl4jpooling.zoo.model.RegionNet.Regions;
import io.github.dl4jpooling.zoo.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import org.apache.commons.math3.stat.StatUtils;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/** Results of all networks, as tables and in words. */
final class RegionStudy {
    /** What is compared with what, and what differs between the two. */
    private static final List<Question> ALL_QUESTIONS = List.of(
            new Question(Regions.ALIGN, Regions.MAX, "rounding and mean"),
            new Question(Regions.ALIGN_MAX, Regions.MAX, "rounding only"),
            new Question(Regions.ALIGN, Regions.AVERAGE, "rounding only"),
            new Question(Regions.AVERAGE, Regions.MAX, "mean only"),
            new Question(Regions.ALIGN, Regions.ALIGN_MAX, "mean only"),
            new Question(Regions.DEFORMABLE, Regions.ALIGN, "learned offsets"));
    private static final double LEVEL = 0.05;
    private static final double SMALLEST_P = 0.001;
    private static final double PERCENT = 100;
    private static final String NONE = "-";

    private final RegionProtocol protocol;
    private final String machine;
    private final long seconds;
    private final List<RegionRun> runs;

    @JsonCreator
    RegionStudy(@JsonProperty("protocol") RegionProtocol protocol, @JsonProperty("machine") String machine,
            @JsonProperty("seconds") long seconds, @JsonProperty("runs") List<RegionRun> runs) {
        this.protocol = protocol;
        this.machine = machine;
        this.seconds = seconds;
        this.runs = runs;
    }

    /** Runs of a pooling, by seed. */
    List<RegionRun> runs(Regions regions) {
        return runs.stream().filter(run -> run.regions() == regions).collect(Collectors.toList());
    }

    /** Those whose poolings were trained. */
    private List<Question> questions() {
        return ALL_QUESTIONS.stream()
                .filter(question -> protocol.regions().containsAll(List.of(question.first, question.second)))
                .collect(Collectors.toList());
    }

    private double[] values(Regions regions, ToDoubleFunction<RegionRun> measure) {
        return runs(regions).stream().mapToDouble(measure).toArray();
    }

    /** A row for each pooling. */
    Table results() {
        Table table = new Table("Regions", ">Accuracy", ">SD", ">Mean IoU", ">SD", ">Parameters");
        for (Regions regions : protocol.regions()) {
            double[] accuracy = values(regions, RegionRun::accuracy);
            double[] iou = values(regions, RegionRun::refinedIou);
            table.row(RegionNames.title(regions),
                    format("%.2f %%", PERCENT * StatUtils.mean(accuracy)),
                    spread(accuracy, "%.2f", PERCENT),
                    format("%.4f", StatUtils.mean(iou)),
                    spread(iou, "%.4f", 1),
                    format("%,d", runs(regions).get(0).parameters()));
        }
        return table;
    }

    private String spread(double[] values, String format, double factor) {
        return values.length == 1 ? NONE : format(format, factor * Math.sqrt(StatUtils.variance(values)));
    }

    /** Accuracies in percentage points, then IoU. */
    Table differences() {
        Table table = new Table("First minus second", "What differs", "Measure", ">Difference", ">95 % interval",
                ">p (Holm)");
        for (Measure measure : Measure.values()) {
            List<Finding> findings = findings(measure);
            for (int i = 0; i < findings.size(); i++) {
                Finding finding = findings.get(i);
                Question question = questions().get(i);
                table.row(question.pair(), question.what, measure.text, measure.signed(finding.difference.mean()),
                        finding.interval(measure), finding.p());
            }
        }
        return table;
    }

    /** What the runs show, and what they do not. */
    List<String> words() {
        List<String> words = new ArrayList<>();
        words.add("Proposals have a mean IoU of " + format("%.4f", runs.get(0).proposalIou())
                + " with the true boxes before refinement.");
        if (protocol.seeds() == 1) {
            words.add("One pair of networks says nothing about chance.");
            return words;
        }
        for (Measure measure : Measure.values()) {
            List<String> real = new ArrayList<>();
            List<String> open = new ArrayList<>();
            List<Finding> findings = findings(measure);
            for (int i = 0; i < findings.size(); i++) {
                Finding finding = findings.get(i);
                String text = questions().get(i).pair() + " (" + questions().get(i).what + ", "
                        + measure.signed(finding.difference.mean()) + ")";
                (finding.holm < LEVEL ? real : open).add(text);
            }
            words.add(measure.text + ", differences that are real (p < 0.05 after Holm): " + list(real));
            words.add(measure.text + ", no difference shown: " + list(open));
        }
        return words;
    }

    private static String list(List<String> items) {
        return (items.isEmpty() ? "none" : String.join("; ", items)) + ".";
    }

    /** What the numbers are. */
    String legend() {
        return "Accuracy: share of proposals whose class is found; IoU: intersection over union with the true box after"
                + " refinement, both as means over " + protocol.testScenes() + " test scenes and " + protocol.seeds()
                + " seeds; accuracies in percent and percentage points. SD: standard deviation over the seeds."
                + " Intervals and p by Student's t on the pairs with equal seed, p corrected by Holm for the "
                + questions().size()
                + " tests of each measure.";
    }

    private List<Finding> findings(Measure measure) {
        List<PairedDifference> differences = questions().stream()
                .map(question -> PairedDifference.of(
                        values(question.first, measure.value), values(question.second, measure.value)))
                .collect(Collectors.toList());
        double[] holm = HolmCorrection.adjust(
                differences.stream().mapToDouble(PairedDifference::pValue).toArray());
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < holm.length; i++) {
            findings.add(new Finding(differences.get(i), holm[i]));
        }
        return findings;
    }

    RegionProtocol protocol() {
        return protocol;
    }

    /** What it ran on. */
    String machine() {
        return machine;
    }

    long seconds() {
        return seconds;
    }

    private static String format(String format, Object value) {
        return String.format(Locale.ROOT, format, value);
    }

    private enum Measure {
        ACCURACY("accuracy", RegionRun::accuracy, "%+.2f", PERCENT), IOU("IoU", RegionRun::refinedIou, "%+.4f", 1);

        private final String text;
        private final ToDoubleFunction<RegionRun> value;
        private final String format;
        private final double factor;

        Measure(String text, ToDoubleFunction<RegionRun> value, String format, double factor) {
            this.text = text;
            this.value = value;
            this.format = format;
            this.factor = factor;
        }

        String signed(double difference) {
            return format(format, factor * difference);
        }
    }

    private static final class Question {
        private final Regions first;
        private final Regions second;
        private final String what;

        Question(Regions first, Regions second, String what) {
            this.first = first;
            this.second = second;
            this.what = what;
        }

        String pair() {
            return RegionNames.title(first) + " - " + RegionNames.title(second);
        }
    }

    private static final class Finding {
        private final PairedDifference difference;
        private final double holm;

        Finding(PairedDifference difference, double holm) {
            this.difference = difference;
            this.holm = holm;
        }

        String interval(Measure measure) {
            return Double.isNaN(difference.low()) ? NONE
                    : measure.signed(difference.low()) + " to " + measure.signed(difference.high());
        }

        String p() {
            return Double.isNaN(holm) ? NONE : holm < SMALLEST_P ? "< 0.001" : format("%.3f", holm);
        }
    }
}
