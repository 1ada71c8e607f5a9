// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Where the spans of a {@link SpanOp} lie: for each example the order of its steps, those that take part first, and a
 * grid of spans, windows by moments, as ranges of places in that order. What the kernels rely on is made here: along
 * the moments of a window neither begins nor ends fall.
 */
final class Spans {

    private final int steps;
    private final int windows;
    private final int moments;
    private final long[] order; // [batch, steps]
    private final long[] spans; // [batch, windows, moments, 2]
    private final long[] targets; // [batch, moments]: places in the output
    private final double[] times; // [batch, steps], in that order; null where none are needed
    private final double[] momentTimes; // [batch, moments]

    Spans(long batch, long steps, long windows, long moments, boolean timed) {
        this.steps = Math.toIntExact(steps);
        this.windows = Math.toIntExact(windows);
        this.moments = Math.toIntExact(moments);
        order = new long[Math.toIntExact(batch * steps)];
        spans = new long[Math.toIntExact(2 * batch * windows * moments)];
        targets = new long[Math.toIntExact(batch * moments)];
        times = timed ? new double[order.length] : null;
        momentTimes = timed ? new double[targets.length] : null;
    }

    int windows() {
        return windows;
    }

    int moments() {
        return moments;
    }

    /** The step at a place of an example's order, and its time. */
    void step(int example, int place, int step, double time) {
        order[example * steps + place] = step;
        if (times != null) {
            times[example * steps + place] = time;
        }
    }

    /** Where the results of a moment go, and its time. */
    void moment(int example, int moment, int target, double time) {
        targets[example * moments + moment] = target;
        if (momentTimes != null) {
            momentTimes[example * moments + moment] = time;
        }
    }

    /** A span from a place to before another one. */
    void span(int example, int window, int moment, long begin, long end) {
        int word = 2 * ((example * windows + window) * moments + moment);
        spans[word] = begin;
        spans[word + 1] = end;
    }

    /** As the kernels take them. */
    @SuppressWarnings("try") // closing is all that the resource is for
    INDArray[] arrays(Temporaries temporaries) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return new INDArray[] {
                temporaries.add(Nd4j.createFromArray(order)),
                temporaries.add(Nd4j.createFromArray(spans)),
                temporaries.add(Nd4j.createFromArray(targets)),
                times == null ? null : temporaries.add(Nd4j.createFromArray(times)),
                times == null ? null : temporaries.add(Nd4j.createFromArray(momentTimes))
            };
        }
    }

    /** The steps that take part, in their order; all where there is no mask. */
    static int[][] unmasked(INDArray mask, long batch, long steps) {
        double[] numbers = mask == null ? null : numbers(mask);
        int[][] result = new int[Math.toIntExact(batch)][];
        for (int example = 0; example < result.length; example++) {
            int[] taken = new int[Math.toIntExact(steps)];
            int count = 0;
            for (int step = 0; step < steps; step++) {
                if (numbers == null || numbers[Math.toIntExact(example * steps + step)] != 0) {
                    taken[count++] = step;
                }
            }
            result[example] = Arrays.copyOf(taken, count);
        }
        return result;
    }

    /** All numbers of an array, in row order. */
    @SuppressWarnings("try") // closing is all that the resource is for
    static double[] numbers(INDArray array) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        }
    }

    /** Places the steps of an example: those that take part, then the others, which are in no span. */
    void order(int example, int[] taken, double[] timesOfSteps) {
        boolean[] isTaken = new boolean[steps];
        int place = 0;
        for (int step : taken) {
            isTaken[step] = true;
            step(example, place++, step, timesOfSteps == null ? 0 : timesOfSteps[example * steps + step]);
        }
        for (int step = 0; step < steps; step++) {
            if (!isTaken[step]) {
                step(example, place++, step, 0);
            }
        }
    }
}
