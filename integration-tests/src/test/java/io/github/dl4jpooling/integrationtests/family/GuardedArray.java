// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import java.util.Arrays;
import java.util.BitSet;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An array inside a larger one whose other elements are NaN, or 99 where the type has none: a kernel that reads an
 * element it should not spoils its result, and one that writes an element it should not is found out.
 */
public final class GuardedArray {

    private static final int MARGIN = 64; // elements, as many as the widest vector of the smallest type has

    private static final double WITHOUT_NAN = 99;

    private final double guard;
    private final int[] shape; // batch, channels, spatial sizes
    private final int[] positions; // of these elements in memory
    private final DataBuffer memory;
    private final INDArray array;

    GuardedArray(ArrayLayout layout, DataType type, int[] shape, boolean channelsLast, double[] values) {
        guard = type.isFPType() ? Double.NaN : WITHOUT_NAN;
        this.shape = shape.clone();
        int[] axes = PlainArray.axes(shape.length, channelsLast);
        long[] arrayShape = Arrays.stream(axes).mapToLong(axis -> shape[axis]).toArray();
        long[] strides = new long[shape.length];
        long[] extent = layout.layOut(arrayShape, strides);
        long begin = MARGIN + extent[0];
        PlainArray indices = PlainArray.zeros(shape);
        positions = new int[indices.values().length];
        for (int i = 0; i < positions.length; i++) {
            int[] index = indices.index(i);
            positions[i] = (int) begin;
            for (int a = 0; a < axes.length; a++) {
                positions[i] += (int) strides[a] * index[axes[a]];
            }
        }
        double[] content = new double[Math.toIntExact(extent[1]) + 2 * MARGIN];
        Arrays.fill(content, guard);
        for (int i = 0; i < values.length; i++) {
            content[positions[i]] = values[i];
        }
        memory = Nd4j.createTypedBuffer(content, type);
        char order = strides[0] < strides[shape.length - 1] ? 'f' : 'c';
        array = Nd4j.create(memory, arrayShape, strides, begin, order);
    }

    /** @return the array */
    public INDArray array() {
        return array;
    }

    /**
     * Reads the array.
     *
     * @throws AssertionError if something else was written since it was made
     */
    public PlainArray read() {
        double[] content = memory.asDouble();
        PlainArray result = PlainArray.zeros(shape);
        BitSet own = new BitSet(content.length);
        for (int i = 0; i < positions.length; i++) {
            result.values()[i] = content[positions[i]];
            own.set(positions[i]);
        }
        for (int i = own.nextClearBit(0); i < content.length; i = own.nextClearBit(i + 1)) {
            if (Double.compare(content[i], guard) != 0) {
                throw new AssertionError("memory around the output was written");
            }
        }
        return result;
    }
}
