// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The steps of one sequence of a batch that a mask does not leave out. */
final class MaskedSteps {

    private final int number;
    private final List<long[]> runs; // begin and end of steps that count

    /**
     * Reads a mask.
     *
     * @param mask {@code [N,W]}. Not modified.
     * @param number of the sequence
     */
    MaskedSteps(INDArray mask, int number) {
        this.number = number;
        double[] values = new double[Math.toIntExact(mask.size(1))];
        Arrays.setAll(values, i -> mask.getDouble(number, i));
        runs = AttendedMap.runs(values);
    }

    private INDArray run(INDArray sequences, int axis, long[] run) {
        return CombinedOp.part(CombinedOp.part(sequences, 0, number, 1), axis, run[0], run[1] - run[0]);
    }

    /** The steps as a batch of one sequence, a copy where they are not one run; null if there are none. */
    INDArray of(INDArray sequences, int axis, Temporaries temporaries) {
        if (runs.size() < 2) {
            return runs.isEmpty() ? null : run(sequences, axis, runs.get(0));
        }
        long[] shape = sequences.shape().clone();
        shape[0] = 1;
        shape[axis] = AttendedMap.count(runs);
        INDArray steps = temporaries.create(sequences.dataType(), shape);
        long next = 0;
        for (long[] run : runs) {
            CombinedOp.part(steps, axis, next, run[1] - run[0]).assign(run(sequences, axis, run));
            next += run[1] - run[0];
        }
        return steps;
    }

    /** Writes what belongs to these steps to where they are; the others stay as they are. */
    void write(INDArray steps, INDArray sequences, int axis) {
        long next = 0;
        for (long[] run : runs) {
            run(sequences, axis, run).assign(CombinedOp.part(steps, axis, next, run[1] - run[0]));
            next += run[1] - run[0];
        }
    }
}
