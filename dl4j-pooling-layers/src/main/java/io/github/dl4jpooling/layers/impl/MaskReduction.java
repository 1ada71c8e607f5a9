// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowGeometry;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Masks of pooled maps: an output counts if its window holds an element that counts. */
public final class MaskReduction {

    private MaskReduction() {}

    /**
     * Reduces a mask.
     *
     * @param mask mask of the input: {@code [batch, length]} for sequences, {@code [batch, 1 or channels, 1 or
     * height, 1 or
     *     width]} for images; axes of size 1 stay as they are. Not modified.
     * @param window window of the layer
     * @return mask of the output
     */
    public static INDArray reduce(INDArray mask, PoolingWindow window) {
        int dimensions = window.dimensions();
        int firstAxis = mask.rank() - dimensions;
        if (dimensions == 3 || firstAxis != dimensions) {
            throw new IllegalArgumentException("a mask must have shape [batch, length] for 1-D pooling or [batch, 1 or "
                    + "channels, 1 or height, 1 or width] for 2-D pooling, and is not supported in 3-D; got "
                    + Arrays.toString(mask.shape()) + " for " + dimensions + "-D pooling");
        }
        long[] shape = mask.shape().clone(); // ND4J hands out its own array
        if (mask.isEmpty()) {
            for (int a = 0; a < dimensions; a++) {
                shape[firstAxis + a] = outputSize(shape[firstAxis + a], axisWindow(window, a));
            }
            return Nd4j.create(mask.dataType(), shape);
        }
        float[] values = Numbers.cast(mask, DataType.FLOAT).dup('c').data().asFloat();
        for (int a = 0; a < dimensions; a++) {
            if (shape[firstAxis + a] != 1) {
                values = reduceAxis(values, shape, firstAxis + a, axisWindow(window, a));
            }
        }
        return Nd4j.create(values, shape, 'c').castTo(mask.dataType());
    }

    /**
     * The mask of sequences that all have one length: those without a step are masked as a whole.
     *
     * @param mask mask of the input, {@code [batch, length]}. Not modified.
     * @param length length of the output
     * @return mask of the output, {@code [batch, length]}
     */
    public static INDArray ofExamples(INDArray mask, long length) {
        if (mask.rank() != 2) {
            throw new IllegalArgumentException(
                    "a mask must have shape [batch, length], got " + Arrays.toString(mask.shape()));
        }
        INDArray result = Nd4j.zeros(mask.dataType(), mask.size(0), length);
        for (long example = 0; example < mask.size(0); example++) {
            for (long step = 0; step < mask.size(1); step++) {
                if (mask.getDouble(example, step) != 0) {
                    result.getRow(example).assign(1);
                    break;
                }
            }
        }
        return result;
    }

    /** The window along one axis, as a 1-D window; windows are boxes, so that axes can be reduced one by one. */
    private static PoolingWindow axisWindow(PoolingWindow window, int axis) {
        return PoolingWindow.builder(window.kernel()[axis])
                .stride(window.stride()[axis])
                .padding(window.padding()[axis])
                .dilation(window.dilation()[axis])
                .borderMode(window.borderMode())
                .build();
    }

    /** Windows along an axis; axes of size 1 stand for all positions and stay. */
    private static long outputSize(long size, PoolingWindow window) {
        return size <= 1 ? size : WindowGeometry.of(window, 1, 1, size).outputSize(0);
    }

    /** Shrinks {@code shape} along the axis and returns the values of the new shape. */
    private static float[] reduceAxis(float[] values, long[] shape, int axis, PoolingWindow window) {
        int inner = 1;
        for (int a = axis + 1; a < shape.length; a++) {
            inner *= (int) shape[a];
        }
        int size = (int) shape[axis];
        int outer = values.length / (inner * size);
        WindowGeometry geometry = WindowGeometry.of(window, 1, 1, size);
        int windows = (int) geometry.outputSize(0);
        float[] result = new float[outer * windows * inner];
        for (int o = 0; o < outer; o++) {
            for (int w = 0; w < windows; w++) {
                for (int tap = 0; tap < window.kernel()[0]; tap++) {
                    int position = (int) geometry.windowStart(0, w) + tap * window.dilation()[0];
                    if (position < 0 || position >= size) {
                        continue;
                    }
                    for (int i = 0; i < inner; i++) {
                        int target = (o * windows + w) * inner + i;
                        result[target] = Math.max(result[target], values[(o * size + position) * inner + i]);
                    }
                }
            }
        }
        shape[axis] = windows;
        return result;
    }
}
