// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/**
 * A pooling op on a map whose cells are not windows of a {@link PoolingWindow}. Its first option says whether the
 * channels are the last axis; those of the operator follow.
 */
public abstract class MapOp extends PoolingOp {

    /** Name of an input or output with positions in the map of one channel, counted row by row. */
    protected static final String INDEX = "index";

    private static final long MOST_POSITIONS = 0xffffffffL; // kernels count them in 32 bits

    /** For SameDiff, which fills in the arguments. */
    protected MapOp() {}

    /**
     * Starts with a configuration.
     *
     * @param channelsLast whether the channels are the last axis
     * @param options whole-number options, see {@link #options}
     */
    protected MapOp(boolean channelsLast, long... options) {
        super(withFirst(channelsLast, options));
    }

    private static long[] withFirst(boolean channelsLast, long[] options) {
        long[] result = new long[options.length + 1];
        result[0] = channelsLast ? 1 : 0;
        System.arraycopy(options, 0, result, 1, options.length);
        return result;
    }

    /**
     * Joins lists of sizes as options.
     *
     * @param sizes lists of sizes
     * @return all of them in order
     */
    protected static long[] join(int[]... sizes) {
        return Arrays.stream(sizes).flatMapToInt(Arrays::stream).asLongStream().toArray();
    }

    @Override
    protected final long option(int index, String name, long least, long most) {
        return super.option(index + 1, name, least, most);
    }

    @Override
    public final boolean channelsLast() {
        return super.option(0, "channelsLast", 0, 1) == 1;
    }

    /** @return number of options of the operator */
    protected final int optionCount() {
        return Math.max(0, iArgs().length - 1);
    }

    /**
     * Reads sizes.
     *
     * @param index place of the first one among the options
     * @param count how many
     * @param name their name, for the message
     * @return the sizes, each 1 at least
     */
    protected final long[] sizes(int index, int count, String name) {
        long[] sizes = new long[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = option(index + i, name, 1, Integer.MAX_VALUE);
        }
        return sizes;
    }

    /** Checks a number of spatial axes that follows from the options. */
    final int dimensions(int count) {
        if (count < 1 || count > MapAxes.KERNEL_AXES) {
            throw error("there must be 1, 2 or 3 spatial axes, got sizes of " + count);
        }
        return count;
    }

    /** @return number of spatial axes */
    protected abstract int dimensions();

    final MapAxes axes() {
        return new MapAxes(dimensions(), channelsLast());
    }

    @Override
    protected void checkOptions() {
        channelsLast();
        dimensions();
    }

    @Override
    public int differentiableInputs() {
        return 1;
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return name.equals(INDEX) ? DataType.INT64 : type;
    }

    /** Checks the rank and the spatial sizes of the input, and returns the latter. */
    final long[] spatialSizes(long[] inputShape) {
        return spatialSizes("input", axes(), inputShape);
    }

    /** Checks the rank and the spatial sizes of a map, and returns the latter. */
    final long[] spatialSizes(String name, MapAxes axes, long[] shape) {
        if (Objects.requireNonNull(shape, "shape").length != axes.rank()) {
            throw error("the " + name + " must have rank " + axes.rank() + " " + axes.names() + ", got shape "
                    + Arrays.toString(shape));
        }
        long[] sizes = axes.spatial(shape);
        if (Arrays.stream(sizes).anyMatch(size -> size < 1)) {
            throw error("spatial sizes of the " + name + " must be at least 1, got " + axes.names() + " = "
                    + Arrays.toString(shape));
        }
        positions(sizes);
        return sizes;
    }

    /** Number of positions of a map. */
    final long positions(long... sizes) {
        double count = Arrays.stream(sizes).asDoubleStream().reduce(1, (a, b) -> a * b);
        if (count > MOST_POSITIONS) {
            throw error("a map must have " + MOST_POSITIONS + " positions at most, got " + Arrays.toString(sizes));
        }
        return (long) count;
    }

    /** The same op with a flag set. */
    final PoolingOp withFlag(int index) {
        long[] options = iArgs().clone();
        options[index + 1] = 1;
        return configured(operator(), options, tArgs());
    }

    /** Checks the flag that says whether there is a mask of steps. */
    final void checkMasked(boolean masked) {
        if (masked && dimensions() != 1) {
            throw error("masked must be false but for sequences, got true for " + dimensions() + " spatial axes");
        }
    }

    /**
     * Checks the mask of sequences, and whether there is memory for that of the output.
     *
     * @param mask mask of the input. Not modified.
     * @param length steps of the output
     * @throws IllegalArgumentException if it has another rank, the op is not one of sequences, or the other mask would
     *     not fit in memory
     */
    public final void checkStepMask(INDArray mask, long length) {
        checkStepMask(mask);
        ArrayMemory.problem(List.of(LongShapeDescriptor.fromShape(new long[] {mask.size(0), length}, DataType.FLOAT)))
                .ifPresent(problem -> {
                    throw error(problem);
                });
    }

    /** Checks the mask of sequences by itself. */
    final void checkStepMask(INDArray mask) {
        if (Objects.requireNonNull(mask, "mask").rank() != 2 || dimensions() != 1) {
            throw error("a mask must have shape [batch, length] and goes with sequences, got shape "
                    + Arrays.toString(mask.shape()) + " for " + dimensions() + " spatial axes");
        }
    }

    /** For sequences that go to {@link SpanKernels}. */
    final void checkSteps(long steps) {
        if (steps > SpanKernels.MOST_STEPS) {
            throw error("a sequence must have " + SpanKernels.MOST_STEPS + " steps at most, got " + steps);
        }
    }

    /** Kernels write to where an index points. */
    final void checkIndex(INDArray index, long positions) {
        if (index.isEmpty() || index.minNumber().longValue() >= 0 && index.maxNumber().longValue() < positions) {
            return;
        }
        INDArray all = index.dup('c');
        for (long i = 0; i < all.length(); i++) {
            long value = all.getLong(i);
            if (value < 0 || value >= positions) {
                throw error("the index must be from 0 to " + (positions - 1) + ", got " + value + " at "
                        + Arrays.toString(place(i, index.shape())));
            }
        }
    }

    private static long[] place(long number, long[] shape) {
        long[] place = new long[shape.length];
        for (int a = shape.length - 1; a >= 0; a--) {
            place[a] = number % shape[a];
            number /= shape[a];
        }
        return place;
    }
}
