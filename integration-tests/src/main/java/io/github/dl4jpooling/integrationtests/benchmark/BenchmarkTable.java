// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Collects the figures of a benchmark run and sets them in relation to copying and to DL4J's max pooling. */
final class BenchmarkTable {

    private final List<Row> rows = new ArrayList<>();

    /** One figure, in milliseconds. */
    private static final class Row {
        private final String library;
        private final String pooling;
        private final String window;
        private final String pass;
        private final double lowerQuartile;
        private final double median;
        private final double upperQuartile;

        private Row(
                String library,
                String pooling,
                String window,
                String pass,
                double lowerQuartile,
                double median,
                double upperQuartile) {
            this.library = library;
            this.pooling = pooling;
            this.window = window;
            this.pass = pass;
            this.lowerQuartile = lowerQuartile;
            this.median = median;
            this.upperQuartile = upperQuartile;
        }
    }

    void add(
            String library,
            String pooling,
            String window,
            String pass,
            double lowerQuartile,
            double median,
            double upperQuartile) {
        rows.add(new Row(library, pooling, window, pass, lowerQuartile, median, upperQuartile));
    }

    /** The table as text. Ratios are taken within one library, that is one process setting. */
    String render() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                "%-14s %-8s %-6s %-19s %9s %17s %8s %8s%n",
                "library", "pooling", "window", "pass", "median", "quartiles", "x copy", "x max"));
        for (Row row : rows) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-14s %-8s %-6s %-19s %9.2f %8.2f-%8.2f %8s %8s%n",
                    row.library,
                    row.pooling,
                    row.window,
                    row.pass,
                    row.median,
                    row.lowerQuartile,
                    row.upperQuartile,
                    ratio(row, "copy", "", "copy"),
                    row.pooling.equals("copy") ? "" : ratio(row, "max", row.window, row.pass)));
        }
        return text.toString();
    }

    private String ratio(Row row, String pooling, String window, String pass) {
        for (Row other : rows) {
            if (other.library.equals(row.library)
                    && other.pooling.equals(pooling)
                    && other.window.equals(window)
                    && other.pass.equals(pass)) {
                return String.format(Locale.ROOT, "%.2f", row.median / other.median);
            }
        }
        return "-";
    }
}
