// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;

/** The time of a pass of an operator in relation to copying its input. */
public final class OperatorTimes {

    /** What operators with a window are timed on, for captions. */
    public static final String SHAPE = OperatorCase.SHAPE;

    private final PoolingOperator operator;
    private final String what;
    private final String pass;
    private final double milliseconds;
    private final double copies;

    /**
     * @param operator the operator
     * @param what the case: window size and stride, for instance 2x2/2, or sizes of input and result, for instance
     *     8x32x56x56 to 8x32x28x28
     * @param pass forward or backward
     * @param milliseconds median of the time
     * @param copies the time as a multiple of that of copying the input
     */
    public OperatorTimes(PoolingOperator operator, String what, String pass, double milliseconds, double copies) {
        this.operator = operator;
        this.what = what;
        this.pass = pass;
        this.milliseconds = milliseconds;
        this.copies = copies;
    }

    /**
     * Times operators, each on its cases.
     *
     * @param operators the operators
     * @param seconds measuring time of each figure
     * @return the times of both passes; with windows of 2x2 and 3x3 and stride 2, where there are windows
     * @throws RunnerException if a benchmark fails
     */
    public static List<OperatorTimes> measure(List<PoolingOperator> operators, double seconds) throws RunnerException {
        Map<String, List<PoolingOperator>> cases = new LinkedHashMap<>();
        operators.forEach(operator -> OperatorCase.names(operator)
                .forEach(what -> cases.computeIfAbsent(what, none -> new ArrayList<>()).add(operator)));
        Map<Long, Double> copies = new HashMap<>();
        List<OperatorTimes> times = new ArrayList<>();
        for (Map.Entry<String, List<PoolingOperator>> entry : cases.entrySet()) {
            for (RunResult result : run(OperatorBenchmark.class, seconds, Map.of(
                    "operator", entry.getValue().stream().map(PoolingOperator::name).toArray(String[]::new),
                    "what", new String[] {entry.getKey()}))) {
                PoolingOperator operator = PoolingOperator.valueOf(result.getParams().getParam("operator"));
                long floats = OperatorCase.of(operator, entry.getKey()).floats();
                if (!copies.containsKey(floats)) {
                    copies.put(floats, median(run(CopyBenchmark.class, seconds,
                            Map.of("floats", new String[] {String.valueOf(floats)})).iterator().next()));
                }
                times.add(new OperatorTimes(operator, entry.getKey(), result.getPrimaryResult().getLabel(),
                        median(result), median(result) / copies.get(floats)));
            }
        }
        return times;
    }

    private static Collection<RunResult> run(Class<?> benchmark, double seconds, Map<String, String[]> parameters)
            throws RunnerException {
        ChainedOptionsBuilder options = JmhOptions.of(seconds, Runtime.getRuntime().availableProcessors(), List.of())
                .include(benchmark.getName());
        parameters.forEach(options::param);
        return new Runner(options.build()).run();
    }

    private static double median(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }

    /** @return the operator */
    public PoolingOperator operator() {
        return operator;
    }

    /** @return window size and stride, or sizes of input and result */
    public String what() {
        return what;
    }

    /** @return whether the case is named by a window */
    public boolean isOfWindow() {
        return OperatorCase.isWindow(what);
    }

    /** @return forward or backward */
    public String pass() {
        return pass;
    }

    /** @return median of the time */
    public double milliseconds() {
        return milliseconds;
    }

    /** @return the time as a multiple of that of copying the input */
    public double copies() {
        return copies;
    }
}
