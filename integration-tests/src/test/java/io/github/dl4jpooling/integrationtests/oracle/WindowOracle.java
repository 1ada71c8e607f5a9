// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * A window operator as plain loops in double: the definition, slowly. Shares no code with the operator it judges:
 * output sizes and windows are computed here, from the definitions in {@link io.github.dl4jpooling.ops.BorderMode}. A
 * subclass gives the value of one window and its derivatives.
 */
public abstract class WindowOracle {

    /**
     * Value of a window.
     *
     * @param elements the elements inside the map, one at least; the last axis fastest
     */
    protected abstract double value(double[] elements);

    /**
     * Derivatives of the value of a window.
     *
     * @param elements the elements inside the map, one at least; the last axis fastest
     * @return one number an element
     */
    protected abstract double[] derivatives(double[] elements);

    /** The pooled array. A window without elements gives 0. */
    public final PlainArray forward(PoolingWindow window, PlainArray x) {
        PlainArray y = PlainArray.zeros(outputShape(window, x.shape()));
        for (int i = 0; i < y.values().length; i++) {
            double[] elements = pick(x, positions(window, x.shape(), y.index(i)));
            y.values()[i] = elements.length == 0 ? 0 : value(elements);
        }
        return y;
    }

    /** Gradient of the loss for x, given that for the output. */
    public final PlainArray gradient(PoolingWindow window, PlainArray x, PlainArray yGradient) {
        PlainArray xGradient = PlainArray.zeros(x.shape());
        for (int i = 0; i < yGradient.values().length; i++) {
            int[] positions = positions(window, x.shape(), yGradient.index(i));
            if (positions.length > 0) {
                double[] derivatives = derivatives(pick(x, positions));
                for (int j = 0; j < positions.length; j++) {
                    xGradient.values()[positions[j]] += yGradient.values()[i] * derivatives[j];
                }
            }
        }
        return xGradient;
    }

    /** Shape of the pooled array. */
    public static int[] outputShape(PoolingWindow window, int... inputShape) {
        int[] shape = inputShape.clone();
        for (int axis = 0; axis < window.dimensions(); axis++) {
            shape[axis + 2] = outputSize(window, axis, inputShape[axis + 2]);
        }
        return shape;
    }

    private static int outputSize(PoolingWindow window, int axis, int n) {
        double stride = window.stride()[axis];
        int padding = window.padding()[axis];
        double steps = (n + 2 * padding - extent(window, axis)) / stride;
        switch (window.borderMode()) {
            case SAME:
                return (int) Math.ceil(n / stride);
            case CEIL:
                int size = (int) Math.ceil(steps) + 1;
                return (size - 1) * stride < n + padding ? size : size - 1;
            default:
                return (int) Math.floor(steps) + 1;
        }
    }

    private static int extent(PoolingWindow window, int axis) {
        return window.dilation()[axis] * (window.kernel()[axis] - 1) + 1;
    }

    private static int leadingPadding(PoolingWindow window, int axis, int n) {
        switch (window.borderMode()) {
            case SAME:
                int reach = (outputSize(window, axis, n) - 1) * window.stride()[axis] + extent(window, axis);
                return reach > n ? (reach - n) / 2 : 0;
            default:
                return window.padding()[axis];
        }
    }

    /** Where the elements of an output's window stand in the array of values. */
    private static int[] positions(PoolingWindow window, int[] inputShape, int[] output) {
        int[] result = {output[0] * inputShape[1] + output[1]};
        for (int axis = 0; axis < window.dimensions(); axis++) {
            int n = inputShape[axis + 2];
            int dilation = window.dilation()[axis];
            int start = output[axis + 2] * window.stride()[axis] - leadingPadding(window, axis, n);
            int[] inside = IntStream.range(0, window.kernel()[axis])
                    .map(tap -> start + tap * dilation)
                    .filter(position -> position >= 0 && position < n)
                    .toArray();
            int[] extended = new int[result.length * inside.length];
            for (int i = 0; i < extended.length; i++) {
                extended[i] = result[i / inside.length] * n + inside[i % inside.length];
            }
            result = extended;
        }
        return result;
    }

    private static double[] pick(PlainArray array, int[] positions) {
        return Arrays.stream(positions).mapToDouble(position -> array.values()[position]).toArray();
    }
}
