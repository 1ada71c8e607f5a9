// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * Where the windows of a {@link PoolingWindow} lie on a map of a given shape: the one place where output sizes and
 * paddings are computed, for ops, layers and kernels alike. Immutable.
 */
public final class WindowGeometry {

    /** Number of 64-bit words of the native struct TensorStrides. */
    static final int STRIDE_WORDS = 5;

    /** Number of 64-bit words of the native struct WindowGeometry. */
    static final int WORDS = 23;

    private static final int KERNEL_AXES = 3; // depth, height, width; what is missing has size 1

    private final PoolingWindow window;
    private final long[] inputShape;
    private final long[] outputSizes;
    private final long[] leadingPadding;
    private final long[] trailingPadding;

    private WindowGeometry(PoolingWindow window, long[] inputShape) {
        this.window = window;
        this.inputShape = inputShape;
        int n = window.dimensions();
        outputSizes = new long[n];
        leadingPadding = new long[n];
        trailingPadding = new long[n];
        for (int a = 0; a < n; a++) {
            layOut(a);
        }
    }

    /**
     * Lays a window over a map.
     *
     * @param window the window
     * @param inputShape shape of the array to pool: batch, channels and as many spatial sizes as the window has axes,
     * in
     *     the order that {@link PoolingWindow#channelsLast()} says. Batch and channels may be 0.
     * @return the geometry
     * @throws IllegalArgumentException if the rank does not fit, a spatial size is 0, no window fits on the map, or in
     *     mode STRICT windows do not fit exactly; the message names the shape and the window
     */
    public static WindowGeometry of(PoolingWindow window, long... inputShape) {
        int rank = Objects.requireNonNull(window, "window").dimensions() + 2;
        if (Objects.requireNonNull(inputShape, "inputShape").length != rank) {
            throw new IllegalArgumentException("input must have rank " + rank + " " + axisNames(window) + " for a "
                    + window.dimensions() + "-D window, got shape " + Arrays.toString(inputShape));
        }
        return new WindowGeometry(window, inputShape.clone());
    }

    /**
     * Axis names of the arrays a window applies to, for messages.
     *
     * @param window the window
     * @return for instance "[N,C,H,W]"
     */
    public static String axisNames(PoolingWindow window) {
        String spatial = "D,H,W".substring(2 * (KERNEL_AXES - window.dimensions()));
        return window.channelsLast() ? "[N," + spatial + ",C]" : "[N,C," + spatial + "]";
    }

    private void layOut(int axis) {
        long n = inputSize(axis);
        long k = window.kernel(axis);
        long s = window.stride(axis);
        long p = window.padding(axis);
        long extent = window.dilation(axis) * (k - 1) + 1;
        long room = n + 2 * p - extent;
        if (n < 1) {
            throw new IllegalArgumentException("spatial sizes of the input must be at least 1, got " + describe());
        }
        leadingPadding[axis] = p;
        trailingPadding[axis] = p;
        switch (window.borderMode()) {
            case SAME:
                outputSizes[axis] = (n + s - 1) / s;
                long total = Math.max(0, (outputSizes[axis] - 1) * s + extent - n);
                leadingPadding[axis] = total / 2;
                trailingPadding[axis] = total - total / 2;
                return;
            case CEIL:
                long windows = Math.floorDiv(room + s - 1, s) + 1;
                outputSizes[axis] = (windows - 1) * s >= n + p ? windows - 1 : windows;
                break;
            case STRICT:
                if (room % s != 0) {
                    throw new IllegalArgumentException("in border mode STRICT input + 2 * padding - (dilation * "
                            + "(kernel - 1) + 1) must be a multiple of the stride, which " + room + " is not of " + s
                            + " on spatial axis " + axis + ": " + describe());
                }
                outputSizes[axis] = room / s + 1;
                break;
            default:
                outputSizes[axis] = Math.floorDiv(room, s) + 1;
        }
        if (outputSizes[axis] < 1 || room < 0 && window.borderMode() != BorderMode.CEIL) {
            throw new IllegalArgumentException("the window is larger than the padded map on spatial axis " + axis
                    + " (extent " + extent + ", input " + n + " + 2 * padding " + p + "): " + describe());
        }
    }

    private String describe() {
        return axisNames(window) + " = " + Arrays.toString(inputShape) + ", " + window;
    }

    private int spatialAxis(int axis) {
        return axis + (window.channelsLast() ? 1 : 2);
    }

    private int channelAxis() {
        return window.channelsLast() ? inputShape.length - 1 : 1;
    }

    /** @return the window */
    public PoolingWindow window() {
        return window;
    }

    /** @return shape of the array that is pooled */
    public long[] inputShape() {
        return inputShape.clone();
    }

    /**
     * Shape of an array with some numbers for each place.
     *
     * @param channels how many
     * @return as that of the array that is pooled, with another number of channels
     */
    public long[] inputShape(long channels) {
        long[] shape = inputShape();
        shape[channelAxis()] = channels;
        return shape;
    }

    /** @return shape of the result: as the input, with the number of windows for each spatial size */
    public long[] outputShape() {
        long[] shape = inputShape.clone();
        for (int a = 0; a < outputSizes.length; a++) {
            shape[spatialAxis(a)] = outputSizes[a];
        }
        return shape;
    }

    /**
     * Shape of an array with some numbers for each window.
     *
     * @param channels how many
     * @return as the result's, with another number of channels
     */
    public long[] outputShape(long channels) {
        long[] shape = outputShape();
        shape[channelAxis()] = channels;
        return shape;
    }

    /**
     * @param axis spatial axis, from 0
     * @return input size along it
     */
    public long inputSize(int axis) {
        return inputShape[spatialAxis(axis)];
    }

    /**
     * @param axis spatial axis, from 0
     * @return number of windows along it
     */
    public long outputSize(int axis) {
        return outputSizes[axis];
    }

    /**
     * First element of a window; negative where it lies in the padding.
     *
     * @param axis spatial axis, from 0
     * @param output index of the window along it
     * @return position of the window's first element
     */
    public long windowStart(int axis, long output) {
        return output * window.stride(axis) - leadingPadding[axis];
    }

    /** @return number of channels */
    public long channels() {
        return inputShape[channelAxis()];
    }

    /**
     * Shape of a parameter.
     *
     * @param sharing which windows share a value
     * @return the shape, see {@link Sharing}
     */
    public long[] parameterShape(Sharing sharing) {
        if (sharing == Sharing.LAYER) {
            return new long[] {1};
        }
        long[] output = outputShape();
        return IntStream.range(0, output.length)
                .filter(axis -> isKept(sharing, axis))
                .mapToLong(axis -> output[axis])
                .toArray();
    }

    private boolean isKept(Sharing sharing, int axis) {
        return axis == 0 ? sharing.perExample() : axis == channelAxis() ? sharing.perChannel() : sharing.perPlace();
    }

    /** Writes the native struct WindowGeometry: batch, channels, then the sizes of the three axes. */
    int writeTo(long[] parameters, int next) {
        parameters[next++] = inputShape[0];
        parameters[next++] = inputShape[channelAxis()];
        int missing = KERNEL_AXES - window.dimensions();
        for (int a = -missing; a < window.dimensions(); a++) {
            parameters[next++] = a < 0 ? 1 : inputSize(a);
            parameters[next++] = a < 0 ? 1 : outputSizes[a];
            parameters[next++] = a < 0 ? 1 : window.kernel(a);
            parameters[next++] = a < 0 ? 1 : window.stride(a);
            parameters[next++] = a < 0 ? 0 : leadingPadding[a];
            parameters[next++] = a < 0 ? 1 : window.dilation(a);
            parameters[next++] = a < 0 ? 0 : trailingPadding[a];
        }
        return next;
    }

    /** Writes the native struct TensorStrides: batch, channel, then the three axes; missing axes get 0. */
    int writeStridesTo(long[] parameters, int next, long[] strides) {
        parameters[next++] = strides[0];
        parameters[next++] = strides[channelAxis()];
        int missing = KERNEL_AXES - window.dimensions();
        for (int a = -missing; a < window.dimensions(); a++) {
            parameters[next++] = a < 0 ? 0 : strides[spatialAxis(a)];
        }
        return next;
    }

    /** Writes the native struct TensorStrides of a map of one channel that all channels share. */
    int writeSharedStridesTo(long[] parameters, int next, long[] strides) {
        long[] shared = strides.clone();
        shared[channelAxis()] = 0;
        return writeStridesTo(parameters, next, shared);
    }

    /** Writes the native struct TensorStrides of a parameter: 0 where windows share a value. */
    int writeParameterStridesTo(long[] parameters, int next, Sharing sharing, long[] strides) {
        long[] full = new long[inputShape.length];
        int axis = 0;
        for (int i = 0; i < full.length && sharing != Sharing.LAYER; i++) {
            full[i] = isKept(sharing, i) ? strides[axis++] : 0;
        }
        return writeStridesTo(parameters, next, full);
    }

    /** Writes the native struct TensorStrides of a mask: channel, then the places in the window. */
    int writeMaskStridesTo(long[] parameters, int next, Sharing sharing, long[] strides) {
        int spatial = sharing == Sharing.CHANNEL ? 1 : 0;
        parameters[next++] = 0;
        parameters[next++] = spatial == 1 ? strides[0] : 0;
        int missing = KERNEL_AXES - window.dimensions();
        for (int a = -missing; a < window.dimensions(); a++) {
            parameters[next++] = a < 0 ? 0 : strides[spatial + a];
        }
        return next;
    }
}
