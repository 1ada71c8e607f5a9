// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A pooling op with a {@link PoolingWindow}: one result for each window. Its kernels are <i>stem</i>_forward and
 * <i>stem</i>_backward.
 *
 * <p>A subclass says what further inputs there are ({@link #furtherInputs}), whether there is an index
 * ({@link #hasIndex}) and what numbers its kernels get ({@link #kernelOptions}).
 */
public abstract class WindowOp extends WindowedOp {

    /** Name of the second output of operators that choose an element. */
    protected static final String INDEX = "index";

    private static final WindowInput STEP_MASK = WindowInput.stepMask(MASK);
    private static final int OPTION_WORDS = 8;
    private static final int KEPT_WORDS = 8;

    private boolean leavesOutIndex;

    /** For SameDiff, which fills in the arguments. */
    protected WindowOp() {}

    /**
     * Starts with a configuration.
     *
     * @param window the window
     * @param options whole-number options, see {@link #options}
     * @param realOptions real options
     */
    protected WindowOp(PoolingWindow window, long[] options, double... realOptions) {
        super(window, options, realOptions);
    }

    /**
     * Starts without options.
     *
     * @param window the window
     */
    protected WindowOp(PoolingWindow window) {
        this(window, new long[0]);
    }

    /** @return inputs besides the array to pool: those of its shape first, then parameters, then masks */
    public List<WindowInput> furtherInputs() {
        return Collections.emptyList();
    }

    /** @return whether there is a second output, the position of the chosen element in its map */
    protected boolean hasIndex() {
        return false;
    }

    /**
     * Chooses the kernels.
     *
     * @param inputs the inputs
     * @return first part of the kernels' names: the operator's stem, unless a subclass says otherwise
     */
    protected String kernel(List<INDArray> inputs) {
        return operator().stem();
    }

    /** @return up to 8 numbers for the kernels, see {@link #bits} */
    protected long[] kernelOptions() {
        return new long[0];
    }

    /**
     * A real number as a kernel option.
     *
     * @param value the number
     * @return its bits
     */
    protected static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    /** All that the kernel is told of besides the array to pool, in its order. */
    private List<WindowInput> allInputs() {
        List<WindowInput> inputs = new ArrayList<>(furtherInputs());
        if (window().masked()) {
            inputs.add(STEP_MASK);
        }
        return inputs;
    }

    private List<WindowInput> presentInputs() {
        List<WindowInput> inputs = allInputs();
        inputs.removeIf(input -> !input.isPresent());
        return inputs;
    }

    @Override
    public final Map<String, long[]> parameterShapes(long... inputShape) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        for (WindowInput input : presentInputs()) {
            if (!input.isWeight()) {
                throw error(input.name() + " depends on the example and cannot be a parameter");
            }
            shapes.put(input.name(), input.shape(this, inputShape));
        }
        return shapes;
    }

    @Override
    public final boolean hasParametersByChannel() {
        return presentInputs().stream().anyMatch(input -> input.sharing().perChannel());
    }

    @Override
    public final boolean hasParametersByPlace() {
        return presentInputs().stream().anyMatch(input -> !input.isMask() && input.sharing().perPlace());
    }

    @Override
    public final boolean isWeight(String name) {
        return presentInputs().stream().anyMatch(input -> input.name().equals(name) && input.isMask());
    }

    @Override
    public final List<String> inputNames() {
        List<String> names = new ArrayList<>(Collections.singletonList("input"));
        presentInputs().forEach(input -> names.add(input.name()));
        return names;
    }

    @Override
    public final int differentiableInputs() {
        return 1 + (int) presentInputs().stream().filter(WindowInput::isDifferentiable).count();
    }

    private boolean givesIndex() {
        return hasIndex() && !leavesOutIndex;
    }

    @Override
    public final PoolingOp withoutGradient() {
        WindowOp copy = (WindowOp) copy();
        copy.leavesOutIndex = hasIndex();
        return copy;
    }

    @Override
    public List<String> outputNames() {
        return givesIndex() ? Arrays.asList("output", INDEX) : Collections.singletonList("output");
    }

    @Override
    protected final DataType typeOf(String name, DataType type) {
        if (name.equals(INDEX)) {
            return DataType.INT64;
        }
        for (WindowInput input : furtherInputs()) {
            if (input.isFlag() && input.name().equals(name)) {
                return DataType.BOOL;
            }
        }
        return type;
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        WindowGeometry geometry = geometry(inputs.get(0).shape());
        List<WindowInput> present = presentInputs();
        for (int i = 0; i < present.size(); i++) {
            checkShape(present.get(i).name(), inputs.get(i + 1), present.get(i).shape(geometry));
        }
        long[] shape = geometry.outputShape();
        return givesIndex() ? new long[][] {shape, shape} : new long[][] {shape};
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        Launch launch = new Launch(inputs);
        outputs.forEach(launch::addMap);
        if (leavesOutIndex) {
            launch.addNothing();
        }
        launch.run("forward", outputs.size() + (leavesOutIndex ? 1 : 0));
    }

    /**
     * Runs another kernel with the same window, without further inputs.
     *
     * @param kernel its name, without "_forward"
     * @param map the array to pool. Not modified.
     * @param result an array of its shape with the numbers of windows for spatial sizes. Modified.
     */
    final void forward(String kernel, INDArray map, INDArray result) {
        Launch launch = new Launch(kernel, map);
        launch.addMap(result);
        launch.run("forward", 1);
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        Launch launch = new Launch(inputs);
        saved.forEach(launch::addMap);
        launch.addMap(outputGradient);
        int known = launch.arrays.size();
        launch.addMap(inputGradients.get(0));
        int next = 1;
        for (WindowInput input : furtherInputs()) { // the mask has no gradient
            launch.add(input, input.isDifferentiable() ? inputGradients.get(next++) : null);
        }
        launch.run("backward", launch.arrays.size() - known);
    }

    /** Collects the arrays of a kernel and its parameter block: geometry, options, kept axes, strides. */
    private final class Launch {
        private final WindowGeometry geometry;
        private final List<INDArray> arrays = new ArrayList<>();
        private final List<long[]> strides = new ArrayList<>();
        private final String kernel;

        private Launch(String kernel, INDArray map) {
            this.kernel = kernel;
            geometry = geometry(map.shape());
            addMap(map);
        }

        private Launch(List<INDArray> inputs) {
            this(kernel(inputs) + (window().masked() ? "_masked" : ""), inputs.get(0));
            int next = 1;
            for (WindowInput input : allInputs()) {
                add(input, input.isPresent() ? inputs.get(next++) : null);
            }
        }

        private void addMap(INDArray array) {
            long[] words = new long[WindowGeometry.STRIDE_WORDS];
            geometry.writeStridesTo(words, 0, array.stride());
            arrays.add(array);
            strides.add(words);
        }

        private void addNothing() {
            arrays.add(null);
            strides.add(new long[WindowGeometry.STRIDE_WORDS]);
        }

        private void add(WindowInput input, INDArray array) {
            for (INDArray part : input.arrays(array)) {
                long[] words = new long[WindowGeometry.STRIDE_WORDS];
                input.writeStridesTo(words, 0, geometry, part);
                arrays.add(part);
                strides.add(words);
            }
        }

        private void run(String pass, int outputs) {
            long[] parameters = new long[WindowGeometry.WORDS + OPTION_WORDS + KEPT_WORDS
                    + strides.size() * WindowGeometry.STRIDE_WORDS];
            int next = geometry.writeTo(parameters, 0);
            long[] options = kernelOptions();
            System.arraycopy(options, 0, parameters, next, options.length);
            next += OPTION_WORDS;
            int parameter = 0;
            for (WindowInput input : furtherInputs()) {
                if (input.isShared()) {
                    for (int i = 0; i < input.arrayCount(); i++) {
                        parameters[next + parameter++] = input.keptAxes();
                    }
                }
            }
            next += KEPT_WORDS;
            for (long[] words : strides) {
                System.arraycopy(words, 0, parameters, next, words.length);
                next += words.length;
            }
            Kernels.launch(kernel + "_" + pass, parameters, outputs, arrays.toArray(new INDArray[0]));
        }
    }
}
