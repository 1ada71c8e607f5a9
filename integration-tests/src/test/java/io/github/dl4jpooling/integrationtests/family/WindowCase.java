// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.integrationtests.oracle.WindowOracle;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;

/** One run of an operator's kernels, forward and backward, against its oracle. */
public final class WindowCase {

    private static final double DEVIATION = 2;

    private final PoolingWindow window;
    private final DataType type;
    private final int[] shape; // batch, channels, spatial sizes
    private ArrayLayout inputLayout = ArrayLayout.DENSE;
    private ArrayLayout gradientLayout = ArrayLayout.DENSE;
    private ArrayLayout outputLayout = ArrayLayout.DENSE;

    /**
     * @param window the window
     * @param type element type of all arrays
     * @param shape batch, channels and spatial sizes, whatever the window's order of axes
     */
    public WindowCase(PoolingWindow window, DataType type, int... shape) {
        this.window = window;
        this.type = type;
        this.shape = shape.clone();
    }

    /**
     * Sets the memory layouts, which otherwise are dense.
     *
     * @param input of the input
     * @param gradient of the gradient of the output
     * @param output of the output and of the gradient of the input
     * @return this
     */
    public WindowCase layouts(ArrayLayout input, ArrayLayout gradient, ArrayLayout output) {
        inputLayout = input;
        gradientLayout = gradient;
        outputLayout = output;
        return this;
    }

    /** Runs the case on random numbers that depend on nothing but the case. */
    public void check(PoolingOperator operator) {
        Random random = new Random(toString().hashCode());
        PlainArray x = PlainArray.gaussian(random, DEVIATION, shape).roundedTo(type);
        int[] outputShape = WindowOracle.outputShape(window, shape);
        check(operator, x, PlainArray.gaussian(random, 1, outputShape).roundedTo(type));
    }

    /** Runs the case on given numbers. */
    public void check(PoolingOperator operator, PlainArray x, PlainArray yGradient) {
        try {
            WindowOracle oracle = Conventions.oracle(operator);
            long taps = Arrays.stream(window.kernel()).asLongStream().reduce(1, Math::multiplyExact);
            double largest = x.largestMagnitude();
            Comparison.assertClose(
                    "output",
                    forward(operator, x),
                    oracle.forward(window, x),
                    Comparison.roundingErrors(type, taps, largest));
            Comparison.assertClose(
                    "gradient",
                    backward(operator, x, yGradient),
                    oracle.gradient(window, x, yGradient),
                    Comparison.roundingErrors(type, taps, (1 + largest) * yGradient.largestMagnitude()));
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(operator.title() + ", " + this + ": " + e.getMessage(), e);
        }
    }

    private PlainArray forward(PoolingOperator operator, PlainArray x) {
        GuardedArray input = inputLayout.copy(x, type, window.channelsLast());
        GuardedArray output =
                outputLayout.create(type, WindowOracle.outputShape(window, shape), window.channelsLast());
        Conventions.forward(operator, window, input.array(), output.array());
        assertUnchanged("input", input, x);
        return output.read();
    }

    private PlainArray backward(PoolingOperator operator, PlainArray x, PlainArray yGradient) {
        GuardedArray input = inputLayout.copy(x, type, window.channelsLast());
        GuardedArray gradient = gradientLayout.copy(yGradient, type, window.channelsLast());
        GuardedArray output = outputLayout.create(type, shape, window.channelsLast());
        Conventions.backward(operator, window, input.array(), gradient.array(), output.array());
        assertUnchanged("input", input, x);
        assertUnchanged("gradient of the output", gradient, yGradient);
        return output.read();
    }

    private static void assertUnchanged(String name, GuardedArray array, PlainArray before) {
        Comparison.assertClose(name + " after the call", array.read(), before, value -> 0);
    }

    @Override
    public String toString() {
        return type + " [N, C, spatial] = " + Arrays.toString(shape) + ", " + window + ", layouts "
                + inputLayout + ", " + gradientLayout + ", " + outputLayout;
    }
}
