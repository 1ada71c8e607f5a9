// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/** Times of all rounds, by workload, implementation and pass. */
final class Figures {

    static final String FORWARD = "forward";
    static final String BOTH = "forwardAndBackward";
    static final List<String> PASSES = List.of(FORWARD, BOTH);

    private static final String STREAM = "stream";

    private final Map<String, Map<String, List<Double>>> medians = new LinkedHashMap<>();

    /** Takes the results of a process. What reading and writing take is kept beside the implementations. */
    void add(Workload workload, String implementation, List<BenchmarkProcess.Pass> passes) {
        for (BenchmarkProcess.Pass pass : passes) {
            boolean isStream = pass.name().startsWith(STREAM);
            String name = isStream ? lowerFirst(pass.name().substring(STREAM.length())) : pass.name();
            medians.computeIfAbsent(workload + " " + name, none -> new LinkedHashMap<>())
                    .computeIfAbsent(isStream ? STREAM : implementation, none -> new ArrayList<>())
                    .add(pass.median());
        }
    }

    private static String lowerFirst(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    /** Median, least and greatest of the medians of all rounds. */
    Optional<double[]> figure(Workload workload, String pass, String implementation) {
        List<Double> rounds = medians.getOrDefault(workload + " " + pass, Map.of()).get(implementation);
        if (rounds == null) {
            return Optional.empty();
        }
        double median = new Median().evaluate(rounds.stream().mapToDouble(Double::doubleValue).toArray());
        return Optional.of(new double[] {median, Collections.min(rounds), Collections.max(rounds)});
    }

    /** What reading and writing the arrays once takes. */
    Optional<Double> stream(Workload workload, String pass) {
        return median(workload, pass, STREAM);
    }

    Optional<Double> median(Workload workload, String pass, String implementation) {
        return figure(workload, pass, implementation).map(figure -> figure[0]);
    }

    /** All figures, a line each. */
    List<String> csv(List<Workload> workloads) {
        List<String> lines = new ArrayList<>(
                List.of("operator,window,input,type,layout,pass,implementation,median ms,least ms,greatest ms"));
        for (Workload workload : workloads) {
            for (String pass : PASSES) {
                for (String name : medians.getOrDefault(workload + " " + pass, Map.of()).keySet()) {
                    double[] figure = figure(workload, pass, name).orElseThrow();
                    lines.add(String.format(Locale.ROOT, "%s,%s,%s,%.5f,%.5f,%.5f",
                            workload.toString().replace(' ', ','), pass, name, figure[0], figure[1], figure[2]));
                }
            }
        }
        return lines;
    }
}
