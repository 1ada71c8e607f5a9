// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.ops.PoolingOperator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The time of a pass of an operator in relation to copying its input. */
public final class OperatorTimes {

    /** What operators with a window are timed on, for captions. */
    public static final String SHAPE = OperatorCase.SHAPE;

    private static final String COPY = "copy";
    private static final double MILLISECONDS = 1000;

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
     * @param operators the operators, which have a gradient
     * @param seconds measuring time of each figure
     * @return the times of both passes; with windows of 2x2 and 3x3 and stride 2, where there are windows
     * @throws IOException if a benchmark fails
     */
    public static List<OperatorTimes> measure(List<PoolingOperator> operators, double seconds) throws IOException {
        List<OperatorTimes> times = new ArrayList<>();
        for (PoolingOperator operator : operators) {
            for (String what : OperatorCase.names(operator)) {
                List<BenchmarkProcess.Pass> passes = BenchmarkProcess.run(
                        System.getProperty("java.class.path"),
                        List.of(),
                        OperatorBenchmark.class.getName(),
                        operator.name() + OperatorBenchmark.SEPARATOR + what,
                        (int) Math.round(seconds * MILLISECONDS),
                        Runtime.getRuntime().availableProcessors());
                double copy = passes.stream().filter(pass -> pass.name().equals(COPY)).findFirst().orElseThrow()
                        .median();
                passes.stream().filter(pass -> !pass.name().equals(COPY)).forEach(pass -> times
                        .add(new OperatorTimes(operator, what, pass.name(), pass.median(), pass.median() / copy)));
            }
        }
        return times;
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
