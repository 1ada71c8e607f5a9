// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.knowm.xchart.CategoryChart;
import org.knowm.xchart.CategoryChartBuilder;
import org.knowm.xchart.style.Styler;

/** Bars: the time of every implementation as a multiple of reading and writing the arrays once. */
final class BenchmarkChart {

    private static final int WIDTH_OF_A_WORKLOAD = 60;
    private static final int MARGIN = 300;
    private static final int HEIGHT = 700;

    private BenchmarkChart() {}

    static void write(List<Workload> workloads, Figures figures, List<String> implementations, String pass, Path file)
            throws IOException {
        List<Workload> shown = workloads.stream()
                .filter(workload -> figures.stream(workload, pass).isPresent()).collect(Collectors.toList());
        CategoryChart chart = new CategoryChartBuilder()
                .width(MARGIN + WIDTH_OF_A_WORKLOAD * shown.size())
                .height(HEIGHT)
                .title(pass.equals(Figures.FORWARD) ? "Forward pass" : "Forward and backward pass")
                .yAxisTitle("times reading and writing once")
                .build();
        chart.getStyler().setLocale(Locale.ROOT);
        chart.getStyler().setXAxisLabelRotation(90).setLegendPosition(Styler.LegendPosition.InsideNE);
        List<String> labels = shown.stream().map(Workload::toString).collect(Collectors.toList());
        for (String implementation : implementations) {
            List<Double> bars = new ArrayList<>();
            for (Workload workload : shown) {
                bars.add(figures.median(workload, pass, implementation)
                        .map(time -> time / figures.stream(workload, pass).orElseThrow()).orElse(null));
            }
            if (bars.stream().anyMatch(bar -> bar != null)) {
                chart.addSeries(implementation, labels, bars);
            }
        }
        BufferedImage image = new BufferedImage(chart.getWidth(), chart.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        chart.paint(graphics, chart.getWidth(), chart.getHeight());
        graphics.dispose();
        ImageIO.write(image, "png", file.toFile());
    }
}
