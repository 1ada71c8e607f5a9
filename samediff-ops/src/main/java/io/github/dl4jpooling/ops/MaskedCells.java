// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Cells of masked sequences: they hold those of the steps of their ranges that the mask leaves. */
final class MaskedCells {

    private final int[][] taken;
    private final long steps;
    private final AxisRanges cells;

    /**
     * @param mask {@code [batch, steps]}, 0 where a step is in no cell. Not modified.
     * @param cells ranges of the steps
     */
    MaskedCells(INDArray mask, AxisRanges cells) {
        steps = mask.size(1);
        taken = Spans.unmasked(mask, mask.size(0), steps);
        this.cells = cells;
    }

    private int begin(int example, int cell) {
        return before(taken[example], cells.begin(cell));
    }

    private int end(int example, int cell) {
        return before(taken[example], cells.end(cell));
    }

    /** How many of ascending steps lie before one. */
    private static int before(int[] ascending, long step) {
        int place = Arrays.binarySearch(ascending, (int) step);
        return place < 0 ? -place - 1 : place;
    }

    /** The cells as spans of the steps that count. */
    Spans spans() {
        Spans spans = new Spans(taken.length, steps, 1, cells.count(), false);
        for (int example = 0; example < taken.length; example++) {
            spans.order(example, taken[example], null);
            for (int cell = 0; cell < cells.count(); cell++) {
                spans.moment(example, cell, cell, 0);
                spans.span(example, 0, cell, begin(example, cell), end(example, cell));
            }
        }
        return spans;
    }

    /** Some of the cells, for each example others; where a number is -1 an empty span. */
    Spans spans(long[][] numbers) {
        int count = numbers.length == 0 ? 0 : numbers[0].length;
        Spans spans = new Spans(taken.length, steps, 1, count, false);
        for (int example = 0; example < taken.length; example++) {
            spans.order(example, taken[example], null);
            int moment = 0;
            int last = count; // empty ones stand at the end, so that begins and ends do not fall
            for (int target = 0; target < count; target++) {
                int cell = (int) numbers[example][target];
                int place = cell < 0 ? --last : moment++;
                int all = taken[example].length;
                spans.moment(example, place, target, 0);
                spans.span(example, 0, place, cell < 0 ? all : begin(example, cell),
                        cell < 0 ? all : end(example, cell));
            }
        }
        return spans;
    }

    /** Whether a cell has a step that counts. */
    boolean holds(int example, int cell) {
        return begin(example, cell) < end(example, cell);
    }

    /** 1 for cells with a step that counts, {@code [batch, cells]}. */
    INDArray mask() {
        INDArray mask = Nd4j.zeros(DataType.FLOAT, taken.length, cells.count());
        for (int example = 0; example < taken.length; example++) {
            for (int cell = 0; cell < cells.count(); cell++) {
                if (holds(example, cell)) {
                    mask.putScalar(example, cell, 1);
                }
            }
        }
        return mask;
    }
}
