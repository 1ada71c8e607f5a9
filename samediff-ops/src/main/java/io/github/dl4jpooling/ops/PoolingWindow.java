// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * Window of a pooling operator: size, stride, padding and dilation along each spatial axis, the rule at the border, and
 * where the channels stand. Immutable.
 *
 * <pre>{@code
 * PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build()          // images [N,C,H,W]
 * PoolingWindow.builder(2, 2).channelsLast(true).build()                  // images [N,H,W,C]
 * PoolingWindow.builder(5).borderMode(BorderMode.SAME).build()            // sequences [N,C,W]
 * }</pre>
 *
 * <p>The number of kernel sizes sets the number of spatial axes: one for sequences {@code [N,C,W]}, two for images
 * {@code [N,C,H,W]}, three for volumes {@code [N,C,D,H,W]}. Defaults: stride = kernel size, padding 0, dilation 1,
 * {@link BorderMode#TRUNCATE}, channels first.
 *
 * <p>Sequences of different lengths are filled up with steps that mean nothing. With {@link #masked()} an operator has
 * one more input, the last: "mask" of shape {@code [N,W]} and the input's type. A step where it is 0 is not an element
 * of any window, exactly like a place in the padding: whatever stands there, NaN included, changes no result, and its
 * gradient is 0. A window without elements gives 0 (and index -1).
 */
public final class PoolingWindow {

    // Bits of one argument.
    private static final int CHANNELS_LAST = 1;
    private static final int MASKED = 2;

    private final int[] kernel;
    private final int[] stride;
    private final int[] padding;
    private final int[] dilation;
    private final BorderMode borderMode;
    private final boolean channelsLast;
    private final boolean masked;
    private final long[] arguments; // all of the above as numbers

    /** Takes over arrays, which builders do not change. */
    private PoolingWindow(Builder builder) {
        kernel = builder.kernel;
        stride = builder.stride;
        padding = builder.padding;
        dilation = builder.dilation;
        borderMode = builder.borderMode;
        channelsLast = builder.channelsLast;
        masked = builder.masked;
        int n = kernel.length;
        arguments = new long[3 + 4 * n];
        arguments[0] = n;
        arguments[1] = borderMode.ordinal();
        arguments[2] = (channelsLast ? CHANNELS_LAST : 0) | (masked ? MASKED : 0);
        for (int a = 0; a < n; a++) {
            arguments[3 + a] = kernel[a];
            arguments[3 + n + a] = stride[a];
            arguments[3 + 2 * n + a] = padding[a];
            arguments[3 + 3 * n + a] = dilation[a];
        }
    }

    /**
     * Starts a window.
     *
     * @param kernel window size along each spatial axis: one, two or three numbers, each at least 1
     * @return a builder with the defaults above
     */
    public static Builder builder(int... kernel) {
        return new Builder(kernel);
    }

    /** @return number of spatial axes: 1, 2 or 3 */
    public int dimensions() {
        return kernel.length;
    }

    /** @return window size along each spatial axis */
    public int[] kernel() {
        return kernel.clone();
    }

    int kernel(int axis) {
        return kernel[axis];
    }

    /** @return distance between windows along each spatial axis */
    public int[] stride() {
        return stride.clone();
    }

    int stride(int axis) {
        return stride[axis];
    }

    /** @return elements of padding at each end of each spatial axis; zeros in mode SAME */
    public int[] padding() {
        return padding.clone();
    }

    int padding(int axis) {
        return padding[axis];
    }

    /** @return distance between neighbouring elements of a window along each spatial axis */
    public int[] dilation() {
        return dilation.clone();
    }

    int dilation(int axis) {
        return dilation[axis];
    }

    /** @return the rule at the border */
    public BorderMode borderMode() {
        return borderMode;
    }

    /** @return whether the channels are the last axis of the array (NWC, NHWC, NDHWC) */
    public boolean channelsLast() {
        return channelsLast;
    }

    /** @return whether a mask, a further input of the operator, says which steps of a sequence are elements */
    public boolean masked() {
        return masked;
    }

    /** The same windows for arrays whose steps are all elements. */
    PoolingWindow withoutMask() {
        return builder(kernel()).stride(stride()).padding(padding()).dilation(dilation()).borderMode(borderMode())
                .channelsLast(channelsLast()).build();
    }

    /** The window as integer arguments of a SameDiff op; {@link #fromArguments} reads them back. */
    long[] toArguments() {
        return arguments.clone();
    }

    /** How many arguments there are. */
    int argumentCount() {
        return arguments.length;
    }

    /** Whether an op's arguments begin with those of this window. */
    boolean standsIn(List<Long> options) {
        if (options.size() < arguments.length) {
            return false;
        }
        for (int i = 0; i < arguments.length; i++) {
            if (options.get(i) != arguments[i]) {
                return false;
            }
        }
        return true;
    }

    /** Arguments of an op, whose window stands in front, with that window masked. */
    static long[] withMask(long[] arguments) {
        long[] result = arguments.clone();
        argumentCount(result);
        result[2] |= MASKED;
        return result;
    }

    /** Number of arguments that describe the window; those of the operator follow. */
    static int argumentCount(long[] arguments) {
        long dimensions = arguments.length == 0 ? 0 : arguments[0];
        if (dimensions < 1 || dimensions > 3 || arguments.length < 3 + 4 * dimensions) {
            throw new IllegalArgumentException("Arguments of a pooling window must be 3 + 4 * dimensions numbers with "
                    + "dimensions = 1, 2 or 3 first, got " + Arrays.toString(arguments));
        }
        return 3 + 4 * (int) dimensions;
    }

    /** Checks all it reads: the arguments may come from a damaged file. */
    static PoolingWindow fromArguments(long[] arguments) {
        int n = (argumentCount(arguments) - 3) / 4;
        if (arguments[1] < 0 || arguments[1] >= BorderMode.values().length) {
            throw new IllegalArgumentException("Border mode of a pooling window must be 0 to "
                    + (BorderMode.values().length - 1) + ", got " + arguments[1]);
        }
        if (arguments[2] < 0 || arguments[2] > (CHANNELS_LAST | MASKED)) {
            throw new IllegalArgumentException("Flags of a pooling window (1 channels last, 2 masked) must be 0 to "
                    + (CHANNELS_LAST | MASKED) + ", got " + arguments[2]);
        }
        return builder(sizes(arguments, 3, n))
                .stride(sizes(arguments, 3 + n, n))
                .padding(sizes(arguments, 3 + 2 * n, n))
                .dilation(sizes(arguments, 3 + 3 * n, n))
                .borderMode(BorderMode.values()[(int) arguments[1]])
                .channelsLast((arguments[2] & CHANNELS_LAST) != 0)
                .masked((arguments[2] & MASKED) != 0)
                .build();
    }

    private static int[] sizes(long[] arguments, int from, int count) {
        int[] sizes = new int[count];
        for (int i = 0; i < count; i++) {
            sizes[i] = (int) arguments[from + i];
            if (sizes[i] != arguments[from + i]) {
                throw new IllegalArgumentException(
                        "Sizes of a pooling window must fit 32 bits, got " + Arrays.toString(arguments));
            }
        }
        return sizes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof PoolingWindow && Arrays.equals(arguments, ((PoolingWindow) other).arguments);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(arguments);
    }

    @Override
    public String toString() {
        return "PoolingWindow(kernel=" + Arrays.toString(kernel) + ", stride=" + Arrays.toString(stride) + ", padding="
                + Arrays.toString(padding) + ", dilation=" + Arrays.toString(dilation) + ", borderMode=" + borderMode
                + ", channelsLast=" + channelsLast + (masked ? ", masked" : "") + ")";
    }

    /** Collects the settings of a {@link PoolingWindow}. */
    public static final class Builder {
        private final int[] kernel;
        private int[] stride;
        private int[] padding;
        private int[] dilation;
        private BorderMode borderMode = BorderMode.TRUNCATE;
        private boolean channelsLast;
        private boolean masked;

        private Builder(int[] kernel) {
            this.kernel = Objects.requireNonNull(kernel, "kernel").clone();
        }

        /**
         * @param stride distance between windows along each spatial axis, each at least 1; default: the kernel size
         * @return this
         */
        public Builder stride(int... stride) {
            this.stride = Objects.requireNonNull(stride, "stride").clone();
            return this;
        }

        /**
         * @param padding elements at each end of each spatial axis, each at least 0 and less than the window's extent
         *     dilation * (kernel - 1) + 1; default 0
         * @return this
         */
        public Builder padding(int... padding) {
            this.padding = Objects.requireNonNull(padding, "padding").clone();
            return this;
        }

        /**
         * @param dilation distance between elements of a window along each spatial axis, each at least 1; default 1
         * @return this
         */
        public Builder dilation(int... dilation) {
            this.dilation = Objects.requireNonNull(dilation, "dilation").clone();
            return this;
        }

        /**
         * @param borderMode rule at the border; default {@link BorderMode#TRUNCATE}
         * @return this
         */
        public Builder borderMode(BorderMode borderMode) {
            this.borderMode = Objects.requireNonNull(borderMode, "borderMode");
            return this;
        }

        /**
         * @param channelsLast true for NWC, NHWC and NDHWC arrays; default false
         * @return this
         */
        public Builder channelsLast(boolean channelsLast) {
            this.channelsLast = channelsLast;
            return this;
        }

        /**
         * @param masked whether operators get a mask as their last input, which says what steps of a sequence are
         *     elements; default false. For windows of sequences.
         * @return this
         */
        public Builder masked(boolean masked) {
            this.masked = masked;
            return this;
        }

        /**
         * @return the window
         * @throws IllegalArgumentException if a setting is out of range; the message names it, its value and the range
         */
        public PoolingWindow build() {
            int n = kernel.length;
            if (n < 1 || n > 3) {
                throw new IllegalArgumentException(
                        "A pooling window has 1, 2 or 3 spatial axes, got kernel " + Arrays.toString(kernel));
            }
            if (masked && n != 1) {
                throw new IllegalArgumentException(
                        "masked must be false but for sequences (one kernel size), got true with kernel "
                                + Arrays.toString(kernel));
            }
            stride = stride == null ? kernel.clone() : stride;
            padding = padding == null ? new int[n] : padding;
            dilation = dilation == null ? filled(n, 1) : dilation;
            check("kernel", kernel, 1);
            check("stride", stride, 1);
            check("padding", padding, 0);
            check("dilation", dilation, 1);
            for (int a = 0; a < n; a++) {
                long extent = (long) dilation[a] * (kernel[a] - 1) + 1;
                if (padding[a] >= extent) {
                    throw new IllegalArgumentException("padding must be less than dilation * (kernel - 1) + 1 = "
                            + extent + " on axis " + a + ", got " + Arrays.toString(padding));
                }
                if (borderMode == BorderMode.SAME && padding[a] != 0) {
                    throw new IllegalArgumentException(
                            "padding must be 0 in border mode SAME, which sets it, got " + Arrays.toString(padding));
                }
            }
            return new PoolingWindow(this);
        }

        private void check(String name, int[] values, int least) {
            if (values.length != kernel.length) {
                throw new IllegalArgumentException(name + " must have " + kernel.length + " numbers, as many as kernel "
                        + Arrays.toString(kernel) + ", got " + Arrays.toString(values));
            }
            for (int value : values) {
                if (value < least) {
                    throw new IllegalArgumentException(
                            name + " must be at least " + least + ", got " + Arrays.toString(values));
                }
            }
        }

        private static int[] filled(int length, int value) {
            int[] result = new int[length];
            Arrays.fill(result, value);
            return result;
        }
    }
}
