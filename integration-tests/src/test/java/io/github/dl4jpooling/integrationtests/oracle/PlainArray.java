// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Numbers in plain Java: axes batch, channels, then the spatial ones, the last axis fastest. */
public final class PlainArray {

    private final int[] shape;
    private final double[] values;

    /**
     * @param shape batch, channels, spatial sizes
     * @param values as many as the shape says, the last axis fastest; not copied
     */
    public PlainArray(int[] shape, double[] values) {
        if (Arrays.stream(shape).reduce(1, Math::multiplyExact) != values.length) {
            throw new IllegalArgumentException(values.length + " values for shape " + Arrays.toString(shape));
        }
        this.shape = shape.clone();
        this.values = values;
    }

    /** Zeros. */
    public static PlainArray zeros(int... shape) {
        return new PlainArray(shape, new double[Arrays.stream(shape).reduce(1, Math::multiplyExact)]);
    }

    /** Normally distributed numbers of the given standard deviation. */
    public static PlainArray gaussian(Random random, double deviation, int... shape) {
        PlainArray result = zeros(shape);
        for (int i = 0; i < result.values.length; i++) {
            result.values[i] = deviation * random.nextGaussian();
        }
        return result;
    }

    /** Reads an array of any memory layout. */
    public static PlainArray of(INDArray array, boolean channelsLast) {
        INDArray channelsFirst = array.permute(inverse(axes(array.rank(), channelsLast)));
        int[] shape = Arrays.stream(channelsFirst.shape()).mapToInt(Math::toIntExact).toArray();
        return array.isEmpty()
                ? zeros(shape)
                : new PlainArray(shape, channelsFirst.castTo(DataType.DOUBLE).dup('c').data().asDouble());
    }

    /** A dense array of these numbers, in the order of axes that the window asks for. */
    public INDArray toArray(DataType type, boolean channelsLast) {
        int[] axes = axes(shape.length, channelsLast);
        PlainArray result = zeros(Arrays.stream(axes).map(axis -> shape[axis]).toArray());
        int[] inverse = inverse(axes);
        for (int i = 0; i < values.length; i++) {
            int[] index = result.index(i);
            int position = 0;
            for (int axis = 0; axis < shape.length; axis++) {
                position = position * shape[axis] + index[inverse[axis]];
            }
            result.values[i] = values[position];
        }
        long[] longShape = Arrays.stream(result.shape).asLongStream().toArray();
        return values.length == 0
                ? Nd4j.create(type, longShape)
                : Nd4j.create(Nd4j.createTypedBuffer(result.values, type), longShape);
    }

    /** These numbers after rounding to a type. */
    public PlainArray roundedTo(DataType type) {
        return new PlainArray(shape, Nd4j.createTypedBuffer(values, type).asDouble());
    }

    /**
     * Axes of an array in terms of those here: for images 0, 1, 2, 3, or 0, 2, 3, 1 with the channels last.
     *
     * @param rank number of axes
     * @param channelsLast whether the array has the channels last
     */
    public static int[] axes(int rank, boolean channelsLast) {
        int[] axes = new int[rank];
        Arrays.setAll(axes, i -> !channelsLast || i == 0 ? i : i == rank - 1 ? 1 : i + 1);
        return axes;
    }

    private static int[] inverse(int[] axes) {
        int[] result = new int[axes.length];
        for (int i = 0; i < axes.length; i++) {
            result[axes[i]] = i;
        }
        return result;
    }

    /** @return batch, channels, spatial sizes */
    public int[] shape() {
        return shape.clone();
    }

    /** @return the values themselves, the last axis fastest */
    public double[] values() {
        return values;
    }

    /** @return largest finite magnitude, 0 if there is none */
    public double largestMagnitude() {
        return Arrays.stream(values).map(Math::abs).filter(Double::isFinite).max().orElse(0);
    }

    /** @return position of a value along each axis */
    public int[] index(int position) {
        int[] index = new int[shape.length];
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = position % shape[axis];
            position /= shape[axis];
        }
        return index;
    }
}
