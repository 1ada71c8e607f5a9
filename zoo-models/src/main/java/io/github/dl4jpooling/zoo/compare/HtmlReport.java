// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static io.github.dl4jpooling.zoo.text.Table.escapeHtml;

import io.github.dl4jpooling.zoo.text.Table;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The report as one HTML file without scripts, with its pictures inside. */
final class HtmlReport {
    private static final String TEMPLATE = "report.html";
    private static final int SECONDS_PER_MINUTE = 60;

    private final Comparison comparison;
    private final Protocol protocol;
    private final Circumstances circumstances;

    private HtmlReport(Comparison comparison) {
        this.comparison = comparison;
        protocol = comparison.protocol();
        circumstances = comparison.circumstances();
    }

    /**
     * @param curves a PNG, empty if pictures cannot be drawn
     * @param featureMaps PNGs
     * @param pictureNote why pictures are missing; empty if they are there
     */
    static String create(Comparison comparison, byte[] curves, List<byte[]> featureMaps, String pictureNote)
            throws IOException {
        HtmlReport report = new HtmlReport(comparison);
        Map<String, String> values = new LinkedHashMap<>();
        values.put("title", escapeHtml(report.title()));
        values.put("data", escapeHtml(report.data()));
        values.put("findings", report.findings());
        values.put("table", ResultTable.create(comparison).toHtml());
        values.put("statistics", ResultTable.statistics(comparison).toHtml());
        values.put("legend", escapeHtml(ResultTable.legend(report.protocol)));
        values.put("curves", image(curves, "Accuracy and loss by epoch, and differences between the poolings"));
        StringBuilder maps = new StringBuilder();
        featureMaps.forEach(png -> maps.append(image(png, "Feature maps before and after each pooling layer")));
        values.put("featureMaps", maps.toString());
        values.put("pictureNote", escapeHtml(pictureNote));
        values.put("protocol", report.protocolTable());
        values.put("runs", report.runTable().toHtml());
        values.put("command", escapeHtml(report.protocol.commandLine()));
        return fill(template(), values);
    }

    private static String template() throws IOException {
        try (InputStream in = HtmlReport.class.getResourceAsStream(TEMPLATE)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static String fill(String template, Map<String, String> values) {
        String filled = template;
        for (Map.Entry<String, String> value : values.entrySet()) {
            filled = filled.replace("${" + value.getKey() + "}", value.getValue());
        }
        return filled;
    }

    private String title() {
        return "Pooling compared: " + String.join(", ", protocol.poolings());
    }

    private String data() {
        return "Network \"" + protocol.model().modelName() + "\" on " + circumstances.source() + ": "
                + protocol.trainImages() + " training and " + protocol.testImages() + " test images, "
                + circumstances.images() + ", " + circumstances.classes() + " classes.";
    }

    private String findings() {
        StringBuilder html = new StringBuilder();
        List<String> findings = new ArrayList<>(Findings.of(comparison));
        findings.add(ResultTable.chance(comparison));
        findings.forEach(finding -> html.append("<li>").append(escapeHtml(finding)).append("</li>\n"));
        return html.toString();
    }

    private static String image(byte[] png, String description) {
        return png.length == 0 ? "" : "<img alt=\"" + escapeHtml(description) + "\" src=\"data:image/png;base64,"
                + Base64.getEncoder().encodeToString(png) + "\">\n";
    }

    private String protocolTable() {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("Network", protocol.model().description() + "; the poolings take turns in the pooling layers");
        facts.put("Training", ComparedModel.updaterDescription() + ", batches of " + protocol.batch() + ", "
                + protocol.epochs() + " epochs, the same for all poolings and not tuned for any of them");
        facts.put("Pairs", "seeds 1 to " + protocol.seeds() + "; with equal seed all poolings start with the same"
                + " weights and see the same batches in the same order");
        facts.put("Accuracy", "on the test images after the last epoch; no epoch is chosen by its result");
        facts.put("Difference", "of the pairs. Interval and p by Student's t; p also by Wilcoxon's signed-rank test,"
                + " exact with ties, which cannot go below " + ResultTable.smallestWilcoxon(protocol.seeds())
                + " with " + protocol.seeds() + " seeds; both p corrected by Holm for the number of comparisons. The"
                + " bootstrap interval (percentiles of 10,000 samples) is too narrow for few seeds. All tell what other"
                + " seeds would give on these images, not what other images would");
        facts.put("Times", "median over the epochs of all runs, with one thread for each network while "
                + circumstances.workers() + " networks train at once; without reading and batching of the images");
        facts.put("Memory", "what training takes for each further image of a batch: growth of the peak of the resident"
                + " memory of a process of its own from " + protocol.batch() + " images to four times as many");
        facts.put("Convolutions", comparison.runs().get(0).oneDnn());
        facts.put("Machine", circumstances.machine());
        facts.put("Finished", circumstances.finished().replace('T', ' ') + ". " + circumstances.effort());
        StringBuilder html = new StringBuilder();
        facts.forEach((name, fact) -> html.append("<dt>").append(escapeHtml(name)).append("</dt><dd>")
                .append(escapeHtml(fact)).append("</dd>\n"));
        return html.toString();
    }

    /** Accuracies of all single runs. */
    private Table runTable() {
        List<String> header = new ArrayList<>(List.of(">Seed"));
        protocol.poolings().forEach(pooling -> header.add(">" + pooling));
        Table table = new Table(header.toArray(new String[0]));
        for (int seed = 1; seed <= protocol.seeds(); seed++) {
            List<String> row = new ArrayList<>(List.of(Integer.toString(seed)));
            for (String pooling : protocol.poolings()) {
                row.add(ResultTable.percent(comparison.runs(pooling).get(seed - 1).accuracy()));
            }
            table.row(row.toArray(new String[0]));
        }
        return table;
    }

    /** For people, for instance "12 min 5 s". */
    static String duration(long seconds) {
        long minutes = seconds / SECONDS_PER_MINUTE;
        return (minutes == 0 ? "" : minutes + " min ") + seconds % SECONDS_PER_MINUTE + " s";
    }
}
