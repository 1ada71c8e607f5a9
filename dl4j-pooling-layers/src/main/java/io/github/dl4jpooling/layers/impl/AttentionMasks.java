// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's masks as attention pooling takes them: a number for each example and position. */
public final class AttentionMasks {

    private AttentionMasks() {}

    /**
     * Spreads a mask over the positions of a map.
     *
     * @param mask {@code [batch, length]} for sequences, {@code [batch, 1, 1 or height, 1 or width]} for images, and so
     *     on for volumes. Not modified.
     * @param mapShape shape of the map
     * @param channelsLast order of the map's axes
     * @param type type of the result
     * @return a new array outside of workspaces, {@code [batch, spatial sizes]}
     * @throws IllegalArgumentException if the mask does not fit
     */
    @SuppressWarnings("try") // closing is all that the resource is for
    public static INDArray positions(INDArray mask, long[] mapShape, boolean channelsLast, DataType type) {
        int first = channelsLast ? 1 : 2;
        long[] shape = new long[mapShape.length - 1];
        shape[0] = mapShape[0];
        System.arraycopy(mapShape, first, shape, 1, shape.length - 1);
        boolean fits = mask.rank() == shape.length && shape.length == 2
                || mask.rank() == mapShape.length && mask.size(1) == 1;
        long[] spread = new long[mask.rank()]; // the shape with an axis of channels, where the mask has one
        for (int axis = 0; fits && axis < spread.length; axis++) {
            boolean ofChannels = axis == 1 && mask.rank() > shape.length;
            spread[axis] = ofChannels ? 1 : shape[axis > 1 && mask.rank() > shape.length ? axis - 1 : axis];
            fits = mask.size(axis) == spread[axis] || axis > 1 && mask.size(axis) == 1;
        }
        if (!fits) {
            throw new IllegalArgumentException("a mask must have shape [batch, length] for sequences or [batch, 1, 1 "
                    + "or height, 1 or width] for images, got " + Arrays.toString(mask.shape()) + " for an input of "
                    + "shape " + Arrays.toString(mapShape));
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray numbers = Numbers.cast(mask, type);
            INDArray full = Arrays.equals(mask.shape(), spread) ? numbers : numbers.broadcast(spread);
            return full.dup('c').reshape(shape);
        }
    }
}
