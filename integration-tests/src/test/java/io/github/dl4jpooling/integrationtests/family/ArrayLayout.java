// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;

/** Ways an array can lie in memory. */
public enum ArrayLayout {
    /** Dense, with the last axis fastest. */
    DENSE(ArrayLayout::ascending, 0, 1),
    /** Dense, with the first axis fastest. */
    F_ORDER(rank -> IntStream.range(0, rank).map(i -> rank - 1 - i).toArray(), 0, 1),
    /** Batch and channels exchanged in memory, as DL4J's convolution layer returns activations. */
    CNHW(rank -> swapped(rank, 0, 1), 0, 1),
    /** The second and the last axis exchanged in memory: between width fastest and channels fastest. */
    SECOND_AND_LAST_EXCHANGED(rank -> swapped(rank, 1, rank - 1), 0, 1),
    /** The last two axes exchanged in memory. */
    LAST_TWO_EXCHANGED(rank -> swapped(rank, rank - 2, rank - 1), 0, 1),
    /** A box cut out of a larger array. */
    BOX(ArrayLayout::ascending, 1, 1),
    /** Every second element of a dense array. */
    EVERY_SECOND(ArrayLayout::ascending, 0, 2),
    /** A box of every third element, with the first axis fastest. */
    SPARSE_F_ORDER(F_ORDER.memoryOrder, 1, 3);

    private final IntFunction<int[]> memoryOrder; // axes of an array of some rank, the fastest last
    private final int border;
    private final int step;

    ArrayLayout(IntFunction<int[]> memoryOrder, int border, int step) {
        this.memoryOrder = memoryOrder;
        this.border = border;
        this.step = step;
    }

    private static int[] ascending(int rank) {
        return IntStream.range(0, rank).toArray();
    }

    private static int[] swapped(int rank, int a, int b) {
        return IntStream.range(0, rank).map(i -> i == a ? b : i == b ? a : i).toArray();
    }

    /**
     * Makes an array full of NaN.
     *
     * @param type its type
     * @param shape batch, channels, spatial sizes, whatever the order of axes
     * @param channelsLast the order of axes
     */
    public GuardedArray create(DataType type, int[] shape, boolean channelsLast) {
        return new GuardedArray(this, type, shape, channelsLast, new double[0]);
    }

    /** Makes an array of the given numbers. */
    public GuardedArray copy(PlainArray numbers, DataType type, boolean channelsLast) {
        return new GuardedArray(this, type, numbers.shape(), channelsLast, numbers.values());
    }

    /** Fills in the strides of an array of a shape, and returns where it begins and how much memory it takes. */
    long[] layOut(long[] shape, long[] strides) {
        int[] axes = memoryOrder.apply(shape.length);
        long begin = 0;
        long length = step;
        for (int i = axes.length - 1; i >= 0; i--) {
            strides[axes[i]] = length;
            begin += border * length;
            length *= shape[axes[i]] + 2L * border;
        }
        return new long[] {begin, length};
    }
}
