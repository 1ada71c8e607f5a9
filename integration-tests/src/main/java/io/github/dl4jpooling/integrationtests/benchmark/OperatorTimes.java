// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;

/** The time of a pass of an operator in relation to copying its input. */
public final class OperatorTimes {

    /** What is timed, for captions. */
    public static final String SHAPE = OperatorBenchmark.SHAPE;

    private final PoolingOperator operator;
    private final String window;
    private final String pass;
    private final double milliseconds;
    private final double copies;

    /**
     * @param operator the operator
     * @param window window size and stride, for instance 2x2/2
     * @param pass forward or backward
     * @param milliseconds median of the time
     * @param copies the time as a multiple of that of copying the input
     */
    public OperatorTimes(PoolingOperator operator, String window, String pass, double milliseconds, double copies) {
        this.operator = operator;
        this.window = window;
        this.pass = pass;
        this.milliseconds = milliseconds;
        this.copies = copies;
    }

    /**
     * Times operators with windows on {@value #SHAPE} float.
     *
     * @param operators the operators
     * @param seconds measuring time of each figure
     * @return the times of both passes with windows of 2x2 and 3x3 and stride 2
     * @throws RunnerException if a benchmark fails
     */
    public static List<OperatorTimes> measure(List<PoolingOperator> operators, double seconds) throws RunnerException {
        int threads = Runtime.getRuntime().availableProcessors();
        double copy = median(new Runner(JmhOptions.of(seconds, threads, List.of())
                .include(CopyBenchmark.class.getName())
                .param("floats", String.valueOf(OperatorBenchmark.FLOATS))
                .build()).runSingle());
        List<OperatorTimes> times = new ArrayList<>();
        for (RunResult result : new Runner(JmhOptions.of(seconds, threads, List.of())
                .include(OperatorBenchmark.class.getName())
                .param("operator", operators.stream().map(PoolingOperator::name).toArray(String[]::new))
                .build()).run()) {
            times.add(new OperatorTimes(PoolingOperator.valueOf(result.getParams().getParam("operator")),
                    result.getParams().getParam("window"), result.getPrimaryResult().getLabel(), median(result),
                    median(result) / copy));
        }
        return times;
    }

    private static double median(RunResult result) {
        return result.getPrimaryResult().getStatistics().getPercentile(50);
    }

    /** @return the operator */
    public PoolingOperator operator() {
        return operator;
    }

    /** @return window size and stride */
    public String window() {
        return window;
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
