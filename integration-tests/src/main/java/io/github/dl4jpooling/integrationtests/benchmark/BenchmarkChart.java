// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** Bars: the times of this project and of others as multiples of reading and writing the arrays once. */
final class BenchmarkChart {

    private static final int WORKLOADS = 12; // of a chart, so that labels can be read
    private static final int WIDTH = 1500;
    private static final int HEIGHT = 620;
    private static final int ROTATION = 35;
    private static final double LEAST = 0.1; // a logarithmic axis wants one
    private static final String FASTEST_OF_DL4J = "DL4J, its fastest library";

    private BenchmarkChart() {}

    /**
     * Writes charts of the workloads that others can do too.
     *
     * @param folder for files named by the pass and a number
     */
    static void write(List<Workload> workloads, Figures figures, List<String> implementations, Path folder)
            throws IOException {
        Map<String, List<String>> series = series(implementations);
        for (String pass : Figures.PASSES) {
            List<Workload> shown = workloads.stream()
                    .filter(workload -> series.values().stream()
                            .filter(names -> multiple(workload, pass, names, figures) != null).count() > 1)
                    .collect(Collectors.toList());
            for (int first = 0; first < shown.size(); first += WORKLOADS) {
                List<Workload> some = shown.subList(first, Math.min(first + WORKLOADS, shown.size()));
                write(chart(some, figures, series, pass),
                        folder.resolve(pass + "-" + (first / WORKLOADS + 1) + ".png"));
            }
        }
    }

    /** Bars by their name: DL4J has one for all of ND4J's libraries. */
    private static Map<String, List<String>> series(List<String> implementations) {
        return implementations.stream().filter(name -> !name.equals(Implementation.ONE_THREAD))
                .collect(Collectors.groupingBy(
                        name -> name.startsWith(Implementation.DL4J + " ") ? FASTEST_OF_DL4J : name,
                        LinkedHashMap::new, Collectors.toList()));
    }

    private static CategoryChart chart(List<Workload> workloads, Figures figures, Map<String, List<String>> series,
            String pass) {
        CategoryChart chart = new CategoryChartBuilder().width(WIDTH).height(HEIGHT)
                .title(pass.equals(Figures.FORWARD) ? "Forward pass" : "Forward and backward pass")
                .yAxisTitle("times reading and writing once")
                .build();
        chart.getStyler().setLocale(Locale.ROOT);
        chart.getStyler().setYAxisLogarithmic(true).setYAxisMin(LEAST).setXAxisLabelRotation(ROTATION)
                .setLegendPosition(Styler.LegendPosition.OutsideS)
                .setLegendLayout(Styler.LegendLayout.Horizontal);
        List<String> labels = workloads.stream().map(
                workload -> workload.operator() + " " + workload.window() + " " + BenchmarkTable.input(workload))
                .collect(Collectors.toList());
        series.forEach((name, implementations) -> {
            List<Double> bars = new ArrayList<>();
            workloads.forEach(workload -> bars.add(multiple(workload, pass, implementations, figures)));
            if (bars.stream().anyMatch(Objects::nonNull)) {
                chart.addSeries(name, labels, bars);
            }
        });
        return chart;
    }

    /** Of the fastest; null where there is none. */
    private static Double multiple(Workload workload, String pass, List<String> implementations, Figures figures) {
        return figures.stream(workload, pass)
                .flatMap(stream -> implementations.stream()
                        .flatMap(name -> figures.median(workload, pass, name).stream())
                        .min(Double::compare).map(time -> time / stream))
                .orElse(null);
    }

    private static void write(CategoryChart chart, Path file) throws IOException {
        BufferedImage image = new BufferedImage(chart.getWidth(), chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.dispose();
        ImageIO.write(image, "png", file.toFile());
    }
}
