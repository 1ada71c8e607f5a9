// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/**
 * A pooling operator with its configuration. Apply it to arrays with {@link NDPooling}, to variables of a graph with
 * {@link SDPooling}; both work on copies, so that one instance may be used many times and by several threads.
 *
 * <p>The first input is the array that is pooled, the first output the result; it alone carries a gradient. Further
 * outputs (an index, a draw) are what the gradient needs to know of the forward pass. Inputs with a gradient come
 * before those without.
 *
 * <p>A subclass keeps its configuration in the op's arguments ({@link #option}, {@link #realOption}) and nowhere else.
 */
public abstract class PoolingOp extends ExecutableOp {

    /** For SameDiff, which fills in the arguments. */
    protected PoolingOp() {}

    /**
     * Starts with a configuration.
     *
     * @param options whole numbers, in the order that {@link #option} reads them
     * @param realOptions real numbers, in the order that {@link #realOption} reads them
     */
    protected PoolingOp(long[] options, double... realOptions) {
        addIArgument(options);
        addTArgument(realOptions);
    }

    /**
     * Options of an operator as arguments of the constructor.
     *
     * @param options numbers, truth values (1 or 0) or constants of an enum (their position)
     * @return the options as numbers
     */
    protected static long[] options(Object... options) {
        long[] numbers = new long[options.length];
        for (int i = 0; i < options.length; i++) {
            Object option = options[i];
            if (option == null) {
                throw new NullPointerException("option " + i + " must not be null");
            }
            numbers[i] = option instanceof Enum ? ((Enum<?>) option).ordinal()
                    : option instanceof Boolean ? ((Boolean) option ? 1 : 0) : ((Number) option).longValue();
        }
        return numbers;
    }

    /** @return names of the inputs, in order, the array to pool first */
    @Override
    public abstract List<String> inputNames();

    /** @return how many inputs carry a gradient; they come first */
    public int differentiableInputs() {
        return inputNames().size();
    }

    /** @return whether arrays with the axes of the map have the channels last */
    public boolean channelsLast() {
        return false;
    }

    /** An op with its arguments, which are checked. */
    static PoolingOp configured(PoolingOperator operator, long[] options, double... realOptions) {
        PoolingOp op = operator.newOp();
        op.addIArgument(options);
        op.addTArgument(realOptions);
        op.configureFromArguments();
        return op;
    }

    /** @return whether two runs on the same array may differ, so that a gradient cannot begin with another run */
    public boolean drawsAnew() {
        return false;
    }

    /**
     * Types of the inputs.
     *
     * @param type type of the array to pool
     * @return one type an input
     */
    public final List<DataType> inputTypes(DataType type) {
        List<DataType> types = inputNames().stream().map(name -> typeOf(name, type)).collect(Collectors.toList());
        types.set(0, type);
        return types;
    }

    /** @return names of the outputs, in order, the result first; it alone carries a gradient */
    @Override
    public List<String> outputNames() {
        return Collections.singletonList("output");
    }

    /**
     * Type of an array.
     *
     * @param name name of an input or output
     * @param type type of the array to pool
     * @return the type the array must have: that of the array to pool, unless a subclass says otherwise
     */
    protected DataType typeOf(String name, DataType type) {
        return type;
    }

    /**
     * Types that an input may have.
     *
     * @param name name of an input but the first
     * @param type type of the array to pool
     * @return {@link #typeOf}, unless a subclass takes others too
     */
    protected List<DataType> typesOf(String name, DataType type) {
        return Collections.singletonList(typeOf(name, type));
    }

    /**
     * Shapes of the outputs; the place where shapes and values of inputs are checked. Types have been checked before.
     *
     * @param inputs as many arrays as there are input names
     * @return one shape an output
     * @throws IllegalArgumentException if ranks or sizes do not fit; made by {@link #error}
     */
    protected abstract long[][] shapes(List<INDArray> inputs);

    /**
     * Computes the outputs.
     *
     * @param inputs arrays that {@link #shapes} has checked. Not modified.
     * @param outputs arrays of those shapes. Modified: every element is written.
     */
    protected abstract void forward(List<INDArray> inputs, List<INDArray> outputs);

    /**
     * Computes the gradients of the inputs, exact derivatives of the forward pass.
     *
     * @param inputs inputs of the forward pass. Not modified.
     * @param saved its outputs but the first. Not modified.
     * @param outputGradient gradient of the loss for the first output. Not modified.
     * @param inputGradients arrays of the shapes of the differentiable inputs. Modified: every element is written.
     * @throws UnsupportedOperationException if the operator has no gradient
     */
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        throw new UnsupportedOperationException(operator().title() + ": there is no gradient");
    }

    /**
     * Reads a whole-number option, which may come from a damaged file.
     *
     * @param index place among the options
     * @param name its name, for the message
     * @param least least value allowed
     * @param most largest value allowed
     * @return its value
     * @throws IllegalArgumentException if it is missing or out of range
     */
    protected long option(int index, String name, long least, long most) {
        Long option = index < iArguments.size() ? iArguments.get(index) : null;
        if (option == null || option < least || option > most) {
            throw error(
                    name + " must be from " + least + " to " + most + ", got " + (option == null ? "none" : option));
        }
        return option;
    }

    /**
     * Reads an option that is a constant of an enum.
     *
     * @param index place among the options
     * @param type the enum
     * @param <E> the enum
     * @return the constant
     * @throws IllegalArgumentException if it is missing or out of range
     */
    protected final <E extends Enum<E>> E option(int index, Class<E> type) {
        E[] constants = type.getEnumConstants();
        return constants[(int) option(index, type.getSimpleName(), 0, constants.length - 1L)];
    }

    /**
     * Reads an option that is a truth value.
     *
     * @param index place among the options
     * @param name its name, for the message
     * @return its value
     * @throws IllegalArgumentException if it is missing or neither 0 nor 1
     */
    protected final boolean flag(int index, String name) {
        return option(index, name, 0, 1) == 1;
    }

    /**
     * Reads a real option, which may come from a damaged file.
     *
     * @param index place among the real options
     * @param name its name, for the message
     * @param least least value allowed
     * @param most largest value allowed
     * @return its value
     * @throws IllegalArgumentException if it is missing, NaN or out of range
     */
    protected final double realOption(int index, String name, double least, double most) {
        Double option = index < tArguments.size() ? tArguments.get(index) : null;
        if (option == null || !(option >= least && option <= most)) {
            throw error(
                    name + " must be from " + least + " to " + most + ", got " + (option == null ? "none" : option));
        }
        return option;
    }

    /** Reads every option once, so that an op with a bad one cannot be made or loaded. */
    protected abstract void checkOptions();

    @Override
    public void configureFromArguments() {
        checkOptions();
    }

    @Override
    public final String opName() {
        return operator().opName();
    }

    @Override
    final List<LongShapeDescriptor> describeOutputs(List<INDArray> inputs) {
        DataType type = inputs.get(0).dataType();
        if (!operator().dataTypes().contains(type)) {
            throw error("type of the " + inputNames().get(0) + " must be one of " + operator().dataTypes() + ", got "
                    + type);
        }
        List<String> names = inputNames();
        for (int i = 1; i < inputs.size(); i++) {
            checkType(names.get(i), inputs.get(i), typesOf(names.get(i), type));
        }
        long[][] shapes = shapes(inputs);
        List<String> outputs = outputNames();
        List<LongShapeDescriptor> descriptors = new ArrayList<>(shapes.length);
        for (int i = 0; i < shapes.length; i++) {
            descriptors.add(LongShapeDescriptor.fromShape(shapes[i], typeOf(outputs.get(i), type)));
        }
        return descriptors;
    }

    @Override
    final void compute(List<INDArray> inputs, List<INDArray> outputs) {
        for (INDArray output : outputs) {
            if (!output.isEmpty()) { // options may ask for any size of what is empty anyway
                forward(inputs, outputs);
                return;
            }
        }
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputTypes) {
        return outputNames().stream().map(name -> typeOf(name, inputTypes.get(0))).collect(Collectors.toList());
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> outputGradients) {
        List<SDVariable> inputs = new ArrayList<>(Arrays.asList(args()));
        SDVariable[] outputs = outputVariables();
        inputs.addAll(Arrays.asList(outputs).subList(1, outputs.length));
        inputs.add(outputGradients.get(0));
        PoolingOpBp gradient = gradient();
        gradient.bind(sameDiff, inputs.toArray(new SDVariable[0]));
        return Arrays.asList(gradient.outputVariables());
    }

    /** @return a new op with the same configuration and no inputs */
    public final PoolingOp copy() {
        PoolingOp copy = operator().newOp();
        copy.takeArguments(this);
        return copy;
    }

    /**
     * This op for those who want its result and no gradient: what only the gradient would need is left out where that
     * saves time and memory.
     *
     * @return a new op with the same configuration and no inputs. Its copies and its serialised form are those of this
     *     op.
     */
    public PoolingOp withoutGradient() {
        return copy();
    }

    /**
     * The gradient op of this op.
     *
     * @return the op, without inputs
     * @throws UnsupportedOperationException if the operator has no gradient
     */
    public final PoolingOpBp gradient() {
        PoolingOpBp gradient = operator().newGradientOp();
        gradient.takeArguments(this);
        return gradient;
    }

    @Override
    public String toString() {
        return getClass().getSimpleName() + Arrays.toString(iArgs()) + Arrays.toString(tArgs());
    }
}
