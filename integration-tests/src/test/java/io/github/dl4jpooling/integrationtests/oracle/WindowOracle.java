// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A window operator as plain loops in double. Output sizes and windows are computed here, from the definitions in
 * {@link BorderMode}. A subclass gives the value of one window, written with {@link Dual} numbers, which bring the
 * gradients along.
 */
public abstract class WindowOracle extends OperatorOracle {

    /** Value of a window, which holds one element at least. */
    protected abstract Dual value(OracleWindow window);

    /** The operator with a window and options drawn at random, or its defaults where the random numbers are null. */
    public abstract WindowOp op(PoolingWindow window, Random random);

    /** Whether {@link #value} is right for infinite elements, and its gradient for these and NaN. */
    public boolean definesInfinities() {
        return false;
    }

    /** Whether derivatives are bounded by the elements; near a pole they may exceed the largest number. */
    public boolean hasBoundedGradients() {
        return true;
    }

    /** Largest element that must give finite results, in windows of up to 16 elements. */
    public double largestElement(double largestOfType) {
        return largestOfType;
    }

    /** A value of a further input. */
    protected double draw(WindowInput input, Random random) {
        return random.nextGaussian();
    }

    /** A value of the array to pool. */
    protected double draw(Random random, double deviation) {
        return deviation * random.nextGaussian();
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public OracleCase draw(Random random) {
        int dimensions = 1 + random.nextInt(3);
        return WindowDraws.draw(this, random, dimensions);
    }

    /** The array to pool, of a given shape, and all further inputs of an op. */
    public final PlainArray[] inputs(WindowOp op, Random random, int... shape) {
        return inputs(op, random, filled(shape, () -> draw(random, 2)));
    }

    /** All inputs of an op, the first as given. */
    public final PlainArray[] inputs(WindowOp op, Random random, PlainArray x) {
        return inputs(op, x, input -> draw(input, random));
    }

    /** The same where every element of a window takes part in its result. */
    public final PlainArray[] plainInputs(WindowOp op, Random random, PlainArray x) {
        return inputs(op, x, input -> input.isSites() ? 1 : draw(input, random));
    }

    private PlainArray[] inputs(WindowOp op, PlainArray x, ToDoubleFunction<WindowInput> value) {
        List<PlainArray> inputs = new ArrayList<>();
        inputs.add(x);
        for (WindowInput input : op.furtherInputs()) {
            if (input.isPresent()) {
                inputs.add(filled(shape(op, input, x.shape()), () -> value.applyAsDouble(input)));
            }
        }
        if (op.window().masked()) {
            inputs.add(WindowDraws.mask(x.shape()));
        }
        return inputs.toArray(new PlainArray[0]);
    }

    private static PlainArray filled(int[] shape, java.util.function.DoubleSupplier numbers) {
        PlainArray array = PlainArray.zeros(shape);
        Arrays.setAll(array.values(), i -> numbers.getAsDouble());
        return array;
    }

    private static int[] shape(WindowOp op, WindowInput input, int[] x) {
        if (input.isElements()) {
            int[] elements = x.clone();
            elements[1] = input.isSites() ? 1 : x[1];
            return elements;
        }
        IntStream.Builder shape = IntStream.builder();
        if (input.isMask()) {
            if (input.masks() > 0) {
                shape.add(input.masks());
            }
            if (input.sharing() == Sharing.CHANNEL) {
                shape.add(x[1]);
            }
            Arrays.stream(op.window().kernel()).forEach(shape::add);
            return shape.build().toArray();
        }
        int[] output = outputShape(op.window(), x);
        Sharing sharing = input.sharing();
        if (sharing == Sharing.LAYER) {
            return new int[] {1};
        }
        for (int axis = 0; axis < output.length; axis++) {
            if (axis == 0 ? sharing.perExample() : axis == 1 ? sharing.perChannel() : sharing.perPlace()) {
                shape.add(output[axis]);
            }
        }
        return shape.build().toArray();
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return super.isMap(op, name) || name.equals("index") || ((WindowOp) op).furtherInputs().stream()
                .anyMatch(input -> input.name().equals(name) && input.isMap());
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        WindowOp windowOp = (WindowOp) op;
        PlainArray y = PlainArray.zeros(outputShape(windowOp.window(), inputs[0].shape()));
        PlainArray index = PlainArray.zeros(y.shape());
        Windows windows = new Windows(windowOp, inputs, y, false);
        for (int i = 0; i < y.values().length; i++) {
            OracleWindow window = windows.at(i);
            if (window != null) {
                y.values()[i] = value(window).value();
                index.values()[i] = window.index();
            } else {
                index.values()[i] = -1;
            }
        }
        return op.outputNames().size() == 1 ? new PlainArray[] {y} : new PlainArray[] {y, index};
    }

    @Override
    public final PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray[] gradients = new PlainArray[op.differentiableInputs()];
        Arrays.setAll(gradients, i -> PlainArray.zeros(inputs[i].shape()));
        Windows windows = new Windows((WindowOp) op, inputs, yGradient, true);
        for (int i = 0; i < yGradient.values().length; i++) {
            OracleWindow window = windows.at(i);
            if (window != null) {
                window.addGradients(value(window), yGradient.values()[i], gradients);
            }
        }
        return gradients;
    }

    /** All windows of a run. */
    private static final class Windows {
        private final WindowOp op;
        private final PlainArray[] inputs;
        private final PlainArray y;
        private final boolean differentiate;
        private final int[][][] inside; // by axis and place of the output, once known; masks differ from row to row

        private Windows(WindowOp op, PlainArray[] inputs, PlainArray y, boolean differentiate) {
            this.op = op;
            this.inputs = inputs;
            this.y = y;
            this.differentiate = differentiate;
            inside = new int[op.window().dimensions()][][];
            Arrays.setAll(inside, axis -> new int[y.shape()[axis + 2]][]);
        }

        private int[] inside(int axis, int example, int output) {
            PoolingWindow window = op.window();
            if (inside[axis][output] != null && !window.masked()) {
                return inside[axis][output];
            }
            int n = inputs[0].shape()[axis + 2];
            int dilation = window.dilation()[axis];
            int start = start(window, axis, output, n);
            inside[axis][output] = IntStream.range(0, window.kernel()[axis])
                    .filter(tap -> start + tap * dilation >= 0 && start + tap * dilation < n)
                    .filter(tap -> isElement(window, inputs, example, start + tap * dilation))
                    .toArray();
            return inside[axis][output];
        }

        /** A window, null if it has no elements. */
        private OracleWindow at(int number) {
            int[] output = y.index(number);
            int[] places = {0};
            int[] taps = {0};
            PoolingWindow window = op.window();
            for (int axis = 0; axis < window.dimensions(); axis++) {
                int n = inputs[0].shape()[axis + 2];
                int dilation = window.dilation()[axis];
                int start = start(window, axis, output[axis + 2], n);
                int[] ofAxis = inside(axis, output[0], output[axis + 2]);
                places = cross(places, n, Arrays.stream(ofAxis).map(tap -> start + tap * dilation).toArray());
                taps = cross(taps, window.kernel()[axis], ofAxis);
            }
            return taps.length == 0 ? null
                    : new OracleWindow(op, inputs, output, y.shape(), places, taps, differentiate);
        }
    }

    /**
     * Places in the spatial map of the elements of a window, which has a number among the windows of such a map.
     *
     * @param inputShape batch, channels, spatial sizes
     */
    static int[] places(PoolingWindow window, int[] inputShape, int number) {
        int[] output = outputShape(window, inputShape);
        int[] places = {0};
        for (int axis = 0; axis < window.dimensions(); axis++) {
            int inner = 1;
            for (int other = axis + 1; other < window.dimensions(); other++) {
                inner *= output[other + 2];
            }
            int n = inputShape[axis + 2];
            int start = start(window, axis, number / inner % output[axis + 2], n);
            int dilation = window.dilation()[axis];
            int[] inside = IntStream.range(0, window.kernel()[axis])
                    .map(tap -> start + tap * dilation)
                    .filter(place -> place >= 0 && place < n)
                    .toArray();
            places = cross(places, n, inside);
        }
        return places;
    }

    /** Whether a step is an element: the mask, the last input where there is one, says so. */
    static boolean isElement(PoolingWindow window, PlainArray[] inputs, int example, int step) {
        PlainArray mask = inputs[inputs.length - 1];
        return !window.masked() || mask.values()[example * mask.shape()[1] + step] != 0;
    }

    private static int[] cross(int[] outer, int size, int[] inner) {
        int[] result = new int[outer.length * inner.length];
        for (int i = 0; i < result.length; i++) {
            result[i] = outer[i / inner.length] * size + inner[i % inner.length];
        }
        return result;
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

    /** Place of a window's first element along an axis of n elements. */
    static int start(PoolingWindow window, int axis, int output, int n) {
        return output * window.stride()[axis] - leadingPadding(window, axis, n);
    }

    private static int leadingPadding(PoolingWindow window, int axis, int n) {
        return window.borderMode() == BorderMode.SAME ? samePadding(window, axis, n) / 2 : window.padding()[axis];
    }

    private static int samePadding(PoolingWindow window, int axis, int n) {
        return Math.max(0, (outputSize(window, axis, n) - 1) * window.stride()[axis] + extent(window, axis) - n);
    }

    /** Elements of the padded map that a window covers: what a divisor that counts padding needs. */
    static int paddedTaps(PoolingWindow window, int[] output, int[] inputShape) {
        int taps = 1;
        for (int axis = 0; axis < window.dimensions(); axis++) {
            int n = inputShape[axis + 2];
            int leading = leadingPadding(window, axis, n);
            int trailing = window.borderMode() == BorderMode.SAME ? samePadding(window, axis, n) - leading : leading;
            int start = output[axis + 2] * window.stride()[axis] - leading;
            int dilation = window.dilation()[axis];
            taps *= (int) IntStream.range(0, window.kernel()[axis])
                    .filter(tap -> start + tap * dilation < n + trailing)
                    .count();
        }
        return taps;
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return op(golden.window(channelsLast), null);
    }
}
