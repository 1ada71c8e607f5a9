// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.apache.commons.math3.stat.StatUtils;
import org.knowm.xchart.AnnotationText;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.lines.SeriesLines;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Draws how the networks learn and how the poolings differ. */
final class Charts {
    private static final int PANEL_WIDTH = 440;
    private static final int LEGEND_WIDTH = 110;
    private static final int DIFFERENCES_WIDTH = 180;
    private static final int DIFFERENCE_WIDTH = 90;
    private static final int HEIGHT = 380;
    /** So many poolings fit into one row of panels. */
    private static final int LARGEST_ROW = 4;
    /** Distance between the error bars of the first and the last pooling, in epochs, but no more than this for two. */
    private static final double SPREAD = 0.4;
    private static final double OFFSET = 0.05;
    private static final double PERCENT = 100;
    /** Of an axis in percentage points. */
    private static final double SMALLEST_RANGE = 0.1;
    private static final float LINE_WIDTH = 2;

    private final Comparison comparison;
    private final List<String> poolings;

    private Charts(Comparison comparison) {
        this.comparison = comparison;
        poolings = comparison.protocol().poolings();
    }

    /** Accuracy and loss by epoch, and the difference of each seed's pair, side by side. */
    static BufferedImage draw(Comparison comparison) {
        Charts charts = new Charts(comparison);
        List<XYChart> panels = new ArrayList<>();
        panels.add(charts.accuracy());
        panels.add(charts.loss());
        if (charts.poolings.size() > 1) {
            panels.add(charts.differences());
        }
        int rows = charts.poolings.size() <= LARGEST_ROW ? 1 : 2;
        int width = panels.stream().limit(rows == 1 ? panels.size() : 2).mapToInt(XYChart::getWidth).sum();
        return Picture.draw(width, rows * HEIGHT, graphics -> {
            int x = 0;
            for (XYChart panel : panels) {
                boolean nextRow = x >= width;
                graphics.translate(nextRow ? -x : 0, nextRow ? HEIGHT : 0);
                x = nextRow ? 0 : x;
                panel.paint(graphics, panel.getWidth(), panel.getHeight());
                graphics.translate(panel.getWidth(), 0);
                x += panel.getWidth();
            }
        });
    }

    private XYChart accuracy() {
        XYChart chart = byEpoch(PANEL_WIDTH, "Test accuracy in %", "mean and standard deviation over the seeds");
        chart.getStyler().setYAxisDecimalPattern("0.##").setLegendVisible(false);
        for (int i = 0; i < poolings.size(); i++) {
            addByEpoch(chart, poolings.get(i), i, epoch -> PERCENT * epoch.testAccuracy(), true);
        }
        return chart;
    }

    private XYChart loss() {
        XYChart chart = byEpoch(PANEL_WIDTH + LEGEND_WIDTH, "Cross entropy", "solid: test, dashed: training images");
        chart.getStyler().setYAxisDecimalPattern("0.###");
        for (int i = 0; i < poolings.size(); i++) {
            addByEpoch(chart, poolings.get(i), i, EpochResult::testLoss, true);
            XYSeries training = addByEpoch(chart, poolings.get(i) + ", training", i, EpochResult::trainLoss, false);
            training.setLineStyle(new BasicStroke(LINE_WIDTH / 2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_ROUND, 1,
                    new float[] {4, 3}, 0));
            training.setShowInLegend(false);
        }
        return chart;
    }

    private XYChart byEpoch(int width, String title, String xTitle) {
        int epochs = comparison.protocol().epochs();
        XYChart chart = chart(width, title, "epoch (" + xTitle + ")");
        chart.getStyler().setXAxisMin(0.5).setXAxisMax(epochs + 0.5).setXAxisDecimalPattern("0");
        return chart;
    }

    private XYSeries addByEpoch(XYChart chart, String name, int index, ToDoubleFunction<EpochResult> value,
            boolean errorBars) {
        List<RunResult> runs = comparison.runs(poolings.get(index));
        int epochs = comparison.protocol().epochs();
        double offset = Math.min(OFFSET, SPREAD / poolings.size());
        double[] x = new double[epochs];
        double[] mean = new double[epochs];
        double[] deviation = new double[epochs];
        for (int epoch = 0; epoch < epochs; epoch++) {
            int e = epoch;
            double[] values = runs.stream().mapToDouble(run -> value.applyAsDouble(run.epochs().get(e))).toArray();
            x[epoch] = epoch + 1 + (errorBars ? (index - (poolings.size() - 1) / 2.0) * offset : 0);
            mean[epoch] = StatUtils.mean(values);
            deviation[epoch] = Math.sqrt(StatUtils.variance(values));
        }
        XYSeries series = chart.addSeries(name, x, mean, errorBars && runs.size() > 1 ? deviation : null);
        series.setMarker(epochs == 1 ? SeriesMarkers.CIRCLE : SeriesMarkers.NONE);
        series.setLineStyle(SeriesLines.SOLID);
        series.setMarkerColor(color(index)).setLineColor(color(index)).setLineWidth(LINE_WIDTH);
        return series;
    }

    /** A point for each seed, and the mean with its interval. */
    private XYChart differences() {
        int others = poolings.size() - 1;
        XYChart chart = chart(Math.min(DIFFERENCES_WIDTH + DIFFERENCE_WIDTH * others, 2 * PANEL_WIDTH + LEGEND_WIDTH),
                "Accuracy minus " + poolings.get(0) + " in points",
                comparison.protocol().seeds() == 1 ? "one seed" : "dots: seeds, bar: mean and 95 % interval");
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeriesRenderStyle.Scatter).setLegendVisible(false);
        chart.addSeries("zero", new double[] {0.5, others + 0.5}, new double[] {0, 0})
                .setXYSeriesRenderStyle(XYSeriesRenderStyle.Line).setMarker(SeriesMarkers.NONE)
                .setLineColor(Color.GRAY).setLineWidth(1);
        double[] limits = {0, 0};
        for (int i = 1; i <= others; i++) {
            double[] differences = differences(i);
            double[] x = new double[differences.length];
            Arrays.fill(x, i - 0.08);
            chart.addSeries("seeds of " + poolings.get(i), x, differences).setMarker(SeriesMarkers.CIRCLE)
                    .setMarkerColor(translucent(color(i)));
            widen(limits, differences);
            if (differences.length > 1) {
                PairedDifference mean = comparison.summaries().get(i).difference();
                double[] error = {PERCENT * (mean.high() - mean.mean())};
                chart.addSeries("mean of " + poolings.get(i), new double[] {i + 0.08},
                        new double[] {PERCENT * mean.mean()}, error).setMarker(SeriesMarkers.DIAMOND)
                        .setMarkerColor(color(i)).setLineColor(color(i));
                widen(limits, PERCENT * mean.low(), PERCENT * mean.high());
            }
        }
        // XChart has no words on an axis of numbers, so the names stand above the points.
        double range = Math.max(limits[1] - limits[0], SMALLEST_RANGE);
        for (int i = 1; i <= others; i++) {
            chart.addAnnotation(new AnnotationText(poolings.get(i), i, limits[1] + 0.08 * range, false));
        }
        chart.getStyler().setXAxisTicksVisible(false).setXAxisMin(0.5).setXAxisMax(others + 0.5)
                .setYAxisMin(limits[0] - 0.04 * range).setYAxisMax(limits[1] + 0.14 * range);
        return chart;
    }

    private double[] differences(int pooling) {
        List<RunResult> runs = comparison.runs(poolings.get(pooling));
        List<RunResult> baseline = comparison.runs(poolings.get(0));
        return IntStream.range(0, runs.size())
                .mapToDouble(i -> PERCENT * (runs.get(i).accuracy() - baseline.get(i).accuracy())).toArray();
    }

    private static void widen(double[] limits, double... values) {
        limits[0] = Math.min(limits[0], StatUtils.min(values));
        limits[1] = Math.max(limits[1], StatUtils.max(values));
    }

    private static XYChart chart(int width, String title, String xTitle) {
        XYChart chart = new XYChartBuilder().width(width).height(HEIGHT).title(title).xAxisTitle(xTitle).build();
        Font small = new Font(Font.SANS_SERIF, Font.PLAIN, 12);
        chart.getStyler().setLocale(Locale.ROOT);
        chart.getStyler().setChartBackgroundColor(Color.WHITE).setPlotBorderVisible(false)
                .setLegendPosition(LegendPosition.OutsideE).setLegendBorderColor(Color.WHITE).setLegendFont(small)
                .setAnnotationTextFont(small).setMarkerSize(7).setChartPadding(8)
                .setChartTitleFont(new Font(Font.SANS_SERIF, Font.BOLD, 14)).setChartTitleBoxVisible(false);
        chart.getStyler().setErrorBarsColorSeriesColor(true).setAxisTickLabelsFont(small).setAxisTitleFont(small)
                .setPlotGridVerticalLinesVisible(false).setPlotGridLinesColor(new Color(0xe4e4e4))
                .setPlotGridLinesStroke(new BasicStroke(1)).setAxisTicksLineVisible(false);
        return chart;
    }

    private static Color color(int pooling) {
        return Picture.CATEGORIES.get(pooling % Picture.CATEGORIES.size());
    }

    private static Color translucent(Color color) {
        return new Color(color.getRed(), color.getGreen(), color.getBlue(), 110);
    }
}
