// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Mean or maximum of lines of an image: horizontal, vertical, diagonal or antidiagonal ones. Elements outside the image
 * are left out. Operators differ in which lines they take; all share the kernels <i>line_mean</i> and
 * <i>line_maximum</i>.
 *
 * <p>A mean is finite where the sum of its elements overflows. A maximum has a second output, the index: the position
 * of the chosen element in the map of its channel, counted row by row. Of equal elements the first one of the line is
 * chosen, the uppermost or else leftmost, and gets the whole gradient; a NaN counts as larger than everything.
 */
public abstract class LineOp extends MapOp {

    private static final int MOST_LEVELS = 2;
    private static final int LEVEL_WORDS = 20;
    private static final int HEAD_WORDS = 5 + WindowGeometry.STRIDE_WORDS;
    private static final int AXES = 2;

    /** What is taken of a line. */
    public enum Type {
        /** The mean. */
        AVG,
        /** The largest element. */
        MAX
    }

    /** For SameDiff, which fills in the arguments. */
    LineOp() {}

    LineOp(boolean channelsLast, long... options) {
        super(channelsLast, options);
        checkOptions();
    }

    /** @return what is taken of a line */
    public final Type type() {
        return option(0, Type.class);
    }

    @Override
    protected final int dimensions() {
        return AXES;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        type();
    }

    @Override
    public final List<String> inputNames() {
        return Collections.singletonList("input");
    }

    @Override
    public final List<String> outputNames() {
        return type() == Type.MAX ? Arrays.asList("output", INDEX) : Collections.singletonList("output");
    }

    /**
     * Shape of the output.
     *
     * @param inputShape shape of the input
     * @return the shape
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    public final long[] outputShape(long... inputShape) {
        long[] n = spatialSizes(inputShape);
        List<Level> levels = levels(n[0], n[1]);
        return axes().withSpatial(inputShape, levels.size() == 1
                ? levels.get(0).output
                : new long[] {1, levels.stream().mapToLong(Level::count).sum()});
    }

    /**
     * The lines of each direction, for a map of the given height and width. Those of one direction are a map, those of
     * several stand one behind the other in a map of height 1.
     */
    abstract List<Level> levels(long height, long width);

    /** Lines of one direction. Line o begins at origin + o * stride, its elements are taps begin to before end. */
    static final class Level {
        private final long[] output;
        private final long[] origin;
        private final long[] stride;
        private final Orientation orientation;
        private final long begin;
        private final long end;

        Level(long[] output, long[] origin, long[] stride, Orientation orientation, long begin, long end) {
            this.output = output;
            this.origin = origin;
            this.stride = stride;
            this.orientation = orientation;
            this.begin = begin;
            this.end = end;
        }

        /** Lines from border to border that begin side by side. */
        static Level whole(long lines, long firstColumn, Orientation orientation, long taps) {
            return new Level(
                    orientation == Orientation.HORIZONTAL ? new long[] {lines, 1} : new long[] {1, lines},
                    new long[] {0, firstColumn}, new long[] {1, 1}, orientation, 0, taps);
        }

        private long count() {
            return output[0] * output[1];
        }
    }

    @Override
    protected final long[][] shapes(List<INDArray> inputs) {
        long[] shape = outputShape(inputs.get(0).shape());
        return type() == Type.MAX ? new long[][] {shape, shape} : new long[][] {shape};
    }

    @Override
    protected final void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray index = type() == Type.MAX ? outputs.get(1) : null;
        launch("forward", inputs.get(0), outputs.get(0), index, outputs.size(), inputs.get(0), outputs.get(0), index);
    }

    @Override
    protected final void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        INDArray index = type() == Type.MAX ? saved.get(0) : null;
        INDArray inputGradient = inputGradients.get(0);
        if (index != null) {
            checkIndex(index, positions(axes().spatial(inputGradient.shape())));
        }
        launch("backward", inputGradient, outputGradient, index, 1, outputGradient, index, inputGradient);
    }

    /** Writes the native struct LineParameters and runs the kernel on the arrays that are not null. */
    private void launch(String pass, INDArray map, INDArray y, INDArray index, int outputs, INDArray... arrays) {
        MapAxes axes = axes();
        long[] n = axes.spatial(map.shape());
        List<Level> levels = levels(n[0], n[1]);
        long[] parameters = new long[HEAD_WORDS + MOST_LEVELS * LEVEL_WORDS];
        parameters[0] = map.size(0);
        parameters[1] = map.size(axes.channelAxis());
        parameters[2] = n[0];
        parameters[3] = n[1];
        parameters[4] = levels.size();
        axes.writeStrides(parameters, 5, map.stride());
        int next = HEAD_WORDS;
        long first = 0;
        for (Level level : levels) {
            long[] step = {level.orientation.rows(), level.orientation.columns()};
            for (long[] numbers : Arrays.asList(level.output, level.origin, level.stride, step)) {
                next = copy(parameters, next, numbers);
            }
            next = copy(parameters, next, level.begin, level.end);
            for (INDArray results : new INDArray[] {y, index == null ? y : index}) {
                next = writeResults(parameters, next, level, levels.size() == 1, first, results);
            }
            first += level.count();
        }
        List<INDArray> present = new ArrayList<>(Arrays.asList(arrays));
        present.removeIf(array -> array == null);
        String kernel = type() == Type.MAX ? "line_maximum_" : "line_mean_";
        Kernels.launch(kernel + pass, parameters, outputs, present.toArray(new INDArray[0]));
    }

    private static int copy(long[] words, int next, long... numbers) {
        System.arraycopy(numbers, 0, words, next, numbers.length);
        return next + numbers.length;
    }

    /** Writes the native struct LineArray. */
    private int writeResults(long[] words, int next, Level level, boolean isMap, long first, INDArray results) {
        MapAxes axes = axes();
        long line = ArrayMemory.stride(results, axes.spatialAxis(1));
        long row = isMap ? ArrayMemory.stride(results, axes.spatialAxis(0)) : level.output[1] * line;
        return copy(words, next, ArrayMemory.stride(results, 0), ArrayMemory.stride(results, axes.channelAxis()), row,
                line, first * line);
    }
}
