// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A pooling op with a {@link PoolingWindow}, which stands in front of its other options. How it is computed is left to
 * subclasses; {@link WindowOp} is the one for kernels that get one window after the other.
 */
public abstract class WindowedOp extends PoolingOp {

    /** Name of the last input where the window is masked: {@code [N,W]}, 0 where a step is not an element. */
    public static final String MASK = "mask";

    private PoolingWindow lastWindow; // what the arguments said when they were read last

    /** For SameDiff, which fills in the arguments. */
    protected WindowedOp() {}

    /**
     * Starts with a configuration.
     *
     * @param window the window
     * @param options whole-number options, see {@link #options}
     * @param realOptions real options
     */
    protected WindowedOp(PoolingWindow window, long[] options, double... realOptions) {
        super(arguments(window, options), realOptions);
    }

    private static long[] arguments(PoolingWindow window, long[] options) {
        Objects.requireNonNull(window, "window");
        return LongStream.concat(Arrays.stream(window.toArguments()), Arrays.stream(options)).toArray();
    }

    /** @return the window */
    public final PoolingWindow window() {
        PoolingWindow window = lastWindow;
        if (window == null || !window.standsIn(iArguments)) {
            try {
                window = PoolingWindow.fromArguments(iArgs());
            } catch (IllegalArgumentException e) {
                throw new IllegalArgumentException(operator().title() + ": " + e.getMessage(), e);
            }
            lastWindow = window;
        }
        return window;
    }

    /** The same op with another window. */
    final PoolingOp withWindow(PoolingWindow window) {
        long[] whole = iArgs();
        long[] own = Arrays.copyOfRange(whole, PoolingWindow.argumentCount(whole), whole.length);
        return configured(operator(), arguments(window, own), tArgs());
    }

    @Override
    public final boolean channelsLast() {
        return window().channelsLast();
    }

    @Override
    protected final long option(int index, String name, long least, long most) {
        return super.option(index + window().argumentCount(), name, least, most);
    }

    @Override
    protected void checkOptions() {
        window();
    }

    /**
     * The same op on masked sequences: with one more input, {@link #MASK}.
     *
     * @return an op without inputs
     * @throws IllegalArgumentException if it is not one of sequences
     */
    public final WindowedOp withMask() {
        WindowedOp masked = (WindowedOp) operator().newOp();
        masked.takeArguments(this, PoolingWindow.withMask(iArgs()));
        return masked;
    }

    /** Names of inputs, and the mask where there is one. */
    final List<String> inputNamesWithMask(String... names) {
        List<String> all = new ArrayList<>(Arrays.asList(names));
        if (window().masked()) {
            all.add(MASK);
        }
        return all;
    }

    /** The array to pool, and the mask where there is one: what an operator that was made from this one takes. */
    final List<INDArray> maskedInput(List<INDArray> inputs) {
        return window().masked()
                ? Arrays.asList(inputs.get(0), inputs.get(inputNames().indexOf(MASK)))
                : inputs.subList(0, 1);
    }

    /** For operators of images only. */
    final void checkImages() {
        if (window().dimensions() != 2) {
            throw error("the window must have 2 dimensions, got " + window());
        }
    }

    /** Checks the shapes of all inputs but the first. */
    final void checkParameters(List<INDArray> inputs) {
        int next = 1;
        for (Map.Entry<String, long[]> entry : parameterShapes(inputs.get(0).shape()).entrySet()) {
            checkShape(entry.getKey(), inputs.get(next++), entry.getValue());
        }
    }

    /**
     * Where the windows lie on a map.
     *
     * @param inputShape shape of the array to pool
     * @return the geometry
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    public WindowGeometry geometry(long... inputShape) {
        return geometry(window(), inputShape);
    }

    /** Where windows lie on a map; errors name the operator. */
    final WindowGeometry geometry(PoolingWindow window, long... mapShape) {
        try {
            return WindowGeometry.of(window, mapShape);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(operator().title() + ": " + e.getMessage(), e);
        }
    }

    /**
     * Shapes of the inputs that a layer can hold as its parameters: all but the array to pool.
     *
     * @param inputShape shape of the array to pool
     * @return shapes by the names of the inputs, in their order
     * @throws IllegalArgumentException if rank or sizes do not fit, or an input differs from example to example
     */
    public abstract Map<String, long[]> parameterShapes(long... inputShape);

    /**
     * Shapes of all inputs besides the array to pool, whether a layer can hold them or other layers compute them.
     *
     * @param inputShape shape of the array to pool
     * @return one shape for each of the inputs that follow; not of truth values or random numbers
     */
    public long[][] furtherShapes(long... inputShape) {
        return parameterShapes(inputShape).values().toArray(new long[0][]);
    }

    /** @return whether the parameters' shapes depend on the number of channels */
    public boolean hasParametersByChannel() {
        return true;
    }

    /** @return whether the parameters' shapes depend on the size of the map */
    public boolean hasParametersByPlace() {
        return false;
    }

    /**
     * Whether an input is a weight, to which a layer's l1, l2 and weight decay apply.
     *
     * @param name its name
     * @return false for biases and the like
     */
    public abstract boolean isWeight(String name);
}
