// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.zoo.text.Table;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** The figures of a benchmark run, in relation to copying and to DL4J's max pooling. */
final class BenchmarkTable {

    private static final Comparator<Figure> ORDER = Comparator.comparing((Figure f) -> f.library)
            .thenComparing(f -> f.window)
            .thenComparing(f -> f.pass)
            .thenComparing(f -> f.pooling);

    private BenchmarkTable() {}

    /** One figure: quartiles of the time of a pass in milliseconds. */
    static final class Figure {
        private final String library;
        private final String pooling;
        private final String window;
        private final String pass;
        private final double[] quartiles;

        Figure(String library, String pooling, String window, String pass, double... quartiles) {
            this.library = library;
            this.pooling = pooling;
            this.window = window;
            this.pass = pass;
            this.quartiles = quartiles;
        }

        private double median() {
            return quartiles[1];
        }
    }

    /** The table as text. Ratios are taken within one library. */
    static String render(List<Figure> figures) {
        Table table = new Table(
                "library", "window", "pass", "pooling", ">median ms", ">quartiles", ">x copy", ">x DL4J's max");
        TreeSet<Figure> sorted = new TreeSet<>(ORDER);
        sorted.addAll(figures);
        for (Figure f : sorted) {
            table.row(
                    f.library,
                    f.window,
                    f.pass,
                    f.pooling,
                    number(f.median()),
                    number(f.quartiles[0]) + " - " + number(f.quartiles[2]),
                    ratio(f, figures, "", "copy"),
                    f.pooling.isEmpty() ? "" : ratio(f, figures, "max", f.pass));
        }
        return table.toText();
    }

    private static String ratio(Figure figure, List<Figure> figures, String pooling, String pass) {
        return figures.stream()
                .filter(f -> f.library.equals(figure.library) && f.pooling.equals(pooling) && f.pass.equals(pass))
                .filter(f -> pooling.isEmpty() || f.window.equals(figure.window))
                .findFirst()
                .map(f -> number(figure.median() / f.median()))
                .orElse("");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
