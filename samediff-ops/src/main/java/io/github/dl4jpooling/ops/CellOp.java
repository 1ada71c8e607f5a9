// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Average or maximum over cells that are products of ranges of the map, one range an axis. Operators differ in where
 * the ranges lie; all share the kernels <i>cell_average</i> and <i>cell_maximum</i>.
 *
 * <p>An average is the sum over the divisor and does not overflow where the mean does not. A maximum has a second
 * output, the index: the position of the chosen element in the map of its channel, counted row by row. The first
 * largest element, row by row, is chosen and gets the whole gradient; a NaN counts as larger than everything.
 */
public abstract class CellOp extends MapOp {

    /** Number of 64-bit words of the native struct CellParameters. */
    static final int CELL_PARAMETER_WORDS = 6 + MapAxes.KERNEL_AXES + WindowGeometry.STRIDE_WORDS;

    private static final int CELL_ARRAY_WORDS = 6;
    private static final int LEVEL_WORDS = 2 * MapAxes.KERNEL_AXES + 2 * CELL_ARRAY_WORDS;

    /** For SameDiff, which fills in the arguments. */
    protected CellOp() {}

    /**
     * Starts with a configuration.
     *
     * @param channelsLast whether the channels are the last axis
     * @param options whole-number options, see {@link #options}
     */
    protected CellOp(boolean channelsLast, long... options) {
        super(channelsLast, options);
    }

    /** @return whether the largest elements are taken, and there is an index, instead of means */
    protected abstract boolean isMaximum();

    @Override
    public List<String> inputNames() {
        return Collections.singletonList("input");
    }

    @Override
    public List<String> outputNames() {
        return isMaximum() ? Arrays.asList("output", INDEX) : Collections.singletonList("output");
    }

    /** The output's shape, and the index's. */
    final long[][] outputShapes(long[] shape) {
        return isMaximum() ? new long[][] {shape, shape} : new long[][] {shape};
    }

    /** Cells of one level, or of one plane of it: ranges of each spatial axis, none where only their number counts. */
    static final class Level {
        private final long[] sizes;
        private final List<AxisRanges[]> planes = new ArrayList<>();
        private final long first;

        /**
         * @param first place of the level in each row of a flat output; -1 where the output is a map
         * @param sizes number of cells along each spatial axis
         */
        Level(long first, long... sizes) {
            this.first = first;
            this.sizes = sizes;
        }

        /** Adds the ranges of the next plane, or of all. */
        Level add(AxisRanges... ranges) {
            planes.add(ranges);
            return this;
        }
    }

    /** Computes outputs from levels of cells. */
    final void poolCells(INDArray input, List<Level> levels, List<INDArray> outputs) {
        try (Plan plan = new Plan(levels, outputs.get(0), isMaximum() ? outputs.get(1) : null)) {
            List<INDArray> arrays = new ArrayList<>(Arrays.asList(input, plan.array()));
            arrays.addAll(outputs);
            launch("forward", input, plan, outputs.size(), arrays);
        }
    }

    /** Computes the gradient of the input; for maxima the levels need no ranges. */
    final void poolCellsBackward(
            List<Level> levels, List<INDArray> saved, INDArray outputGradient, INDArray inputGradient) {
        INDArray index = isMaximum() ? saved.get(0) : null;
        if (index != null) {
            checkIndex(index, positions(axes().spatial(inputGradient.shape())));
        }
        try (Plan plan = new Plan(levels, outputGradient, index)) {
            List<INDArray> arrays = new ArrayList<>(Arrays.asList(outputGradient, index, plan.array(), inputGradient));
            arrays.remove(null);
            launch("backward", inputGradient, plan, 1, arrays);
        }
    }

    private void launch(String pass, INDArray map, Plan plan, int outputs, List<INDArray> arrays) {
        long[] parameters = new long[CELL_PARAMETER_WORDS];
        writeParameters(parameters, map, plan);
        String kernel = isMaximum() ? "cell_maximum_" : "cell_average_";
        Kernels.launch(kernel + pass, parameters, outputs, arrays.toArray(new INDArray[0]));
    }

    /** Writes the native struct CellParameters. */
    final int writeParameters(long[] parameters, INDArray map, Plan plan) {
        MapAxes axes = axes();
        parameters[0] = map.size(0);
        parameters[1] = map.size(axes.channelAxis());
        int next = axes.writeSpatial(parameters, 2, 1, axes.spatial(map.shape()));
        parameters[next++] = plan.levels;
        parameters[next++] = plan.planeWords;
        parameters[next++] = plan.cells;
        parameters[next++] = plan.cellRows;
        return axes.writeStrides(parameters, next, map.stride());
    }

    /** The native structs CellLevel and CellRange. */
    final class Plan implements AutoCloseable {
        private final int levels;
        private final long planeWords;
        private final long cells;
        private final long cellRows;
        private final INDArray array;

        Plan(List<Level> all, INDArray output, INDArray index) {
            levels = all.size();
            int words = levels * LEVEL_WORDS;
            for (Level level : all) {
                words = Math.addExact(words, level.planes.stream().mapToInt(this::words).sum());
            }
            long[] plan = new long[words];
            int header = 0;
            long allCells = 0;
            long allRows = 0;
            int next = levels * LEVEL_WORDS;
            for (Level level : all) {
                header = axes().writeSpatial(plan, header, 1, level.sizes);
                int places = header;
                allCells += plan[header - 3] * plan[header - 2] * plan[header - 1];
                allRows += plan[header - 3] * plan[header - 2];
                header += MapAxes.KERNEL_AXES;
                header = writeCells(plan, header, level, output);
                header = index == null ? header + CELL_ARRAY_WORDS : writeCells(plan, header, level, index);
                for (int plane = 0; plane < level.planes.size(); plane++) {
                    AxisRanges[] ranges = level.planes.get(plane);
                    for (int a = 0; a < MapAxes.KERNEL_AXES; a++) {
                        if (plane == 0) {
                            plan[places + a] = next;
                        }
                        int axis = a - MapAxes.KERNEL_AXES + ranges.length;
                        next = (axis < 0 ? AxisRanges.single() : ranges[axis]).writeTo(plan, next);
                    }
                }
            }
            cells = allCells;
            cellRows = allRows;
            List<AxisRanges[]> planes = all.get(0).planes;
            planeWords = planes.size() > 1 ? words(planes.get(0)) : 0;
            array = Nd4j.createFromArray(plan);
        }

        /** The array that kernels read. */
        INDArray array() {
            return array;
        }

        /** It may be large, and the garbage collector sees only a small object. */
        @Override
        public void close() {
            if (array.closeable()) {
                array.close();
            }
        }

        private int words(AxisRanges[] ranges) {
            int count = MapAxes.KERNEL_AXES - ranges.length;
            for (AxisRanges axis : ranges) {
                count += axis.count();
            }
            return count * AxisRanges.WORDS;
        }

        private int writeCells(long[] plan, int next, Level level, INDArray cells) {
            long[] strides = cells.stride();
            if (level.first < 0) {
                return axes().writeStrides(plan, next, strides) + 1;
            }
            long[] steps = new long[MapAxes.KERNEL_AXES + 1]; // channel, then the spatial axes
            long step = strides[1];
            int missing = MapAxes.KERNEL_AXES - level.sizes.length;
            for (int a = MapAxes.KERNEL_AXES - 1; a >= 0; a--) {
                steps[a + 1] = step;
                step *= a < missing ? 1 : level.sizes[a - missing];
            }
            steps[0] = step;
            plan[next++] = strides[0];
            System.arraycopy(steps, 0, plan, next, steps.length);
            next += steps.length;
            plan[next++] = level.first * strides[1];
            return next;
        }
    }
}
