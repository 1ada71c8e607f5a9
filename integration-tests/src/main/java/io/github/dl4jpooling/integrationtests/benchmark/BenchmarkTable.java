// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.zoo.text.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures of a benchmark run, in relation to memory speed and to other libraries. */
final class BenchmarkTable {

    private BenchmarkTable() {}

    /**
     * A row for each workload and pass: the time of this project, its multiple of the time that reading and writing
     * takes, and how many times as long each other library takes.
     */
    static Table of(List<Workload> workloads, Figures figures, List<String> others) {
        List<String> titles = new ArrayList<>(
                List.of("Operator", "Window", "Input", "Pass", ">ms", ">least - most", ">x stream"));
        others.forEach(name -> titles.add(">" + name));
        Table table = new Table(titles.toArray(new String[0]));
        for (Workload workload : workloads) {
            for (String pass : Figures.PASSES) {
                figures.figure(workload, pass, Implementation.OURS)
                        .ifPresent(ours -> table.row(row(workload, pass, ours, figures, others)));
            }
        }
        return table;
    }

    private static String[] row(Workload workload, String pass, double[] ours, Figures figures, List<String> others) {
        List<String> cells = new ArrayList<>(List.of(
                workload.operator(),
                workload.window(),
                input(workload),
                pass.equals(Figures.FORWARD) ? "forward" : "both",
                number(ours[0]),
                number(ours[1]) + " - " + number(ours[2]),
                figures.stream(workload, pass).map(stream -> number(ours[0] / stream)).orElse("")));
        for (String other : others) {
            cells.add(figures.median(workload, pass, other).map(time -> number(time / ours[0]) + " x").orElse(""));
        }
        return cells.toArray(new String[0]);
    }

    static String input(Workload workload) {
        StringBuilder text = new StringBuilder();
        for (long size : workload.shape()) {
            text.append(text.length() == 0 ? "" : "x").append(size);
        }
        if (!workload.type().equals("float")) {
            text.append(' ').append(workload.type());
        }
        if (!workload.layout().equals("first")) {
            text.append(' ').append(workload.layout());
        }
        return text.toString();
    }

    static String number(double value) {
        return String.format(Locale.ROOT, value < 0.1 ? "%.4f" : "%.2f", value);
    }
}
