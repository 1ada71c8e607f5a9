// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Order of the axes of a map: batch and channels, and one to three spatial ones between or behind them. Immutable. */
final class MapAxes {

    /** Spatial axes of every kernel: depth, height, width. Those that a map lacks have size 1. */
    static final int KERNEL_AXES = 3;

    private final int dimensions;
    private final boolean channelsLast;

    MapAxes(int dimensions, boolean channelsLast) {
        this.dimensions = dimensions;
        this.channelsLast = channelsLast;
    }

    boolean isChannelsLast() {
        return channelsLast;
    }

    /** Number of spatial axes. */
    int dimensions() {
        return dimensions;
    }

    /** For messages, for instance [N,C,H,W]. */
    String names() {
        String spatial = "D,H,W".substring(2 * (KERNEL_AXES - dimensions));
        return channelsLast ? "[N," + spatial + ",C]" : "[N,C," + spatial + "]";
    }

    int rank() {
        return dimensions + 2;
    }

    int channelAxis() {
        return channelsLast ? dimensions + 1 : 1;
    }

    int spatialAxis(int axis) {
        return axis + (channelsLast ? 1 : 2);
    }

    /** Spatial sizes of a shape. */
    long[] spatial(long[] shape) {
        long[] sizes = new long[dimensions];
        for (int a = 0; a < dimensions; a++) {
            sizes[a] = shape[spatialAxis(a)];
        }
        return sizes;
    }

    /** A shape with other spatial sizes. */
    long[] withSpatial(long[] shape, long... sizes) {
        long[] result = shape.clone();
        for (int a = 0; a < dimensions; a++) {
            result[spatialAxis(a)] = sizes[a];
        }
        return result;
    }

    /** Writes one number for each of the kernel's axes. */
    int writeSpatial(long[] words, int next, long missing, long... numbers) {
        for (int a = dimensions - KERNEL_AXES; a < dimensions; a++) {
            words[next++] = a < 0 ? missing : numbers[a];
        }
        return next;
    }

    /** Writes the native struct TensorStrides. */
    int writeStrides(long[] words, int next, long[] strides) {
        words[next++] = strides[0];
        words[next++] = strides[channelAxis()];
        return writeSpatial(words, next, 0, spatial(strides));
    }
}
