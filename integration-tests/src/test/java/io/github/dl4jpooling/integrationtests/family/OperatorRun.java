// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import io.github.dl4jpooling.integrationtests.oracle.OperatorOracle;
import io.github.dl4jpooling.integrationtests.oracle.OracleCase;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.ExecutableOp;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/** One run of an operator's kernels, forward and backward, against its oracle. */
public final class OperatorRun {

    private static final int TERMS = 100; // of the sums whose rounding errors are allowed for
    private static final double ERROR_OF_DIFFERENCES = 1e-6;

    private final OperatorOracle oracle;
    private final PoolingOp op;
    private final DataType type;
    private final PlainArray[] inputs;
    private ArrayLayout inputLayout = ArrayLayout.DENSE;
    private ArrayLayout gradientLayout = ArrayLayout.DENSE;
    private ArrayLayout outputLayout = ArrayLayout.DENSE;
    private Expected expected; // kept for checks of other layouts

    /**
     * @param oracle the definition
     * @param oracleCase configuration and inputs, which are rounded to the type
     * @param type element type of the arrays
     */
    public OperatorRun(OperatorOracle oracle, OracleCase oracleCase, DataType type) {
        this.oracle = oracle;
        this.type = type;
        op = oracleCase.op();
        PlainArray[] numbers = oracleCase.inputs();
        inputs = new PlainArray[numbers.length];
        Arrays.setAll(inputs, i -> numbers[i].roundedTo(op.inputTypes(type).get(i)));
    }

    /**
     * Sets the memory layouts, which otherwise are dense.
     *
     * @param input of the inputs
     * @param gradient of the gradient of the output
     * @param output of the outputs and of the gradients of the inputs
     * @return this
     */
    public OperatorRun layouts(ArrayLayout input, ArrayLayout gradient, ArrayLayout output) {
        inputLayout = input;
        gradientLayout = gradient;
        outputLayout = output;
        return this;
    }

    /** An array and how its numbers are read. */
    private final class Argument {
        private final String name;
        private final INDArray array;
        private final Supplier<PlainArray> reader;

        Argument(String name, DataType arrayType, PlainArray numbers, ArrayLayout layout) {
            this.name = name;
            boolean last = oracle.isMap(op, name) && op.channelsLast();
            boolean batched = isBatched(name, numbers.shape());
            if (arrayType.isFPType() && numbers.values().length > 0 && (batched || !last)) {
                GuardedArray guarded = (batched ? layout : ArrayLayout.DENSE).copy(numbers, arrayType, last);
                array = guarded.array();
                reader = guarded::read;
            } else if (last && !batched) { // C and spatial axes: as if there were a batch of one
                int[] shape = numbers.shape();
                int[] withBatch = new int[shape.length + 1];
                withBatch[0] = 1;
                System.arraycopy(shape, 0, withBatch, 1, shape.length);
                array = new PlainArray(withBatch, numbers.values()).toArray(arrayType, true).slice(0);
                reader = () -> new PlainArray(shape,
                        PlainArray.of(array.reshape(prepend(array.shape())), true).values());
            } else {
                array = numbers.toArray(arrayType, last);
                reader = () -> PlainArray.of(array, last);
            }
        }

        void assertUnchanged(PlainArray before) {
            Comparison.assertClose(name + " after the call", reader.get(), before, value -> 0);
        }
    }

    private static long[] prepend(long[] shape) {
        long[] result = new long[shape.length + 1];
        result[0] = 1;
        System.arraycopy(shape, 0, result, 1, shape.length);
        return result;
    }

    /** The op and its configuration. */
    public PoolingOp op() {
        return op;
    }

    /** Outputs of the kernels. */
    public PlainArray[] outputs() {
        return run(op, arguments()).toArray(new PlainArray[0]);
    }

    private List<Argument> arguments() {
        List<Argument> arguments = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            DataType inputType = op.inputTypes(type).get(i);
            arguments.add(new Argument(op.inputNames().get(i), inputType, inputs[i], inputLayout));
        }
        return arguments;
    }

    private List<PlainArray> run(ExecutableOp executable, List<Argument> arguments) {
        List<INDArray> arrays = new ArrayList<>();
        List<PlainArray> before = new ArrayList<>();
        for (Argument argument : arguments) {
            arrays.add(argument.array);
            before.add(argument.reader.get());
        }
        List<LongShapeDescriptor> shapes = executable.outputShapes(arrays);
        List<Argument> results = new ArrayList<>();
        List<INDArray> outputs = new ArrayList<>();
        for (int i = 0; i < shapes.size(); i++) {
            String name = executable.outputNames().get(i).replace("gradient of the ", "");
            int[] shape = Arrays.stream(shapes.get(i).getShape()).mapToInt(Math::toIntExact).toArray();
            boolean last = oracle.isMap(op, name) && op.channelsLast();
            PlainArray nothing = PlainArray.zeros(last ? channelsFirst(name, shape) : shape);
            Arrays.fill(nothing.values(), shapes.get(i).dataType().isFPType() ? Double.NaN : -7);
            Argument result = new Argument(name, shapes.get(i).dataType(), nothing, outputLayout);
            results.add(result);
            outputs.add(result.array);
        }
        executable.execute(arrays, outputs);
        for (int i = 0; i < before.size(); i++) {
            arguments.get(i).assertUnchanged(before.get(i));
        }
        List<PlainArray> numbers = new ArrayList<>();
        results.forEach(result -> numbers.add(result.reader.get()));
        return numbers;
    }

    /** Whether an array has an axis of examples; results that are maps have, also lists made of images. */
    private boolean isBatched(String name, int... shape) {
        return oracle.isBatched(name, shape.length == inputs[0].shape().length
                || name.equals("output") && oracle.isMap(op, name));
    }

    private int[] channelsFirst(String name, int... shape) {
        int first = isBatched(name, shape) ? 1 : 0;
        int[] result = shape.clone();
        result[first] = shape[shape.length - 1];
        System.arraycopy(shape, first, result, first + 1, shape.length - 1 - first);
        return result;
    }

    /** Gradients of the kernels, from the outputs of the kernels. */
    public PlainArray[] gradients(PlainArray yGradient) {
        List<Argument> arguments = arguments();
        List<PlainArray> outputs = run(op, arguments);
        List<INDArray> arrays = new ArrayList<>();
        arguments.forEach(argument -> arrays.add(argument.array));
        List<LongShapeDescriptor> shapes = op.outputShapes(arrays);
        for (int i = 1; i < outputs.size(); i++) {
            arguments.add(new Argument(op.outputNames().get(i), shapes.get(i).dataType(), outputs.get(i), inputLayout));
        }
        arguments.add(new Argument(op.outputNames().get(0), type, yGradient.roundedTo(type), gradientLayout));
        return run(op.gradient(), arguments).toArray(new PlainArray[0]);
    }

    /** Compares outputs and gradients; numbers of 16 bits with a run in float, others with the oracle. */
    public void check() {
        try {
            expected = expected == null ? new Expected() : expected;
            PlainArray[] outputs = outputs();
            double largest = 1;
            for (PlainArray input : inputs) {
                largest = Math.max(largest, input.largestMagnitude());
            }
            for (int i = 0; i < outputs.length; i++) {
                PlainArray right = expected.outputs[i];
                double magnitude = Math.max(largest, right.largestMagnitude());
                Comparison.assertClose(op.outputNames().get(i), outputs[i], right, allowed(magnitude));
            }
            PoolingOp alone = op.withoutGradient();
            if (alone.outputNames().size() < outputs.length) {
                PlainArray output = run(alone, arguments()).get(0);
                Comparison.assertClose("output for those who want no gradient", output, outputs[0], value -> 0);
            }
            PlainArray[] gradients = gradients(expected.yGradient);
            largest *= expected.yGradient.largestMagnitude();
            for (int i = 0; i < expected.gradients.length; i++) {
                PlainArray right = expected.gradients[i];
                double magnitude = Math.max(right.largestMagnitude(), largest);
                double more = isNarrow() || oracle.hasExactGradients() ? 0 : ERROR_OF_DIFFERENCES * magnitude;
                DoubleUnaryOperator allowed = allowed(magnitude);
                Comparison.assertCloseWhereKnown("gradient of the " + op.inputNames().get(i), gradients[i], right,
                        value -> allowed.applyAsDouble(value) + more);
            }
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(op.operator().title() + ", " + this + ": " + e.getMessage(), e);
        }
    }

    private boolean isNarrow() {
        return type == DataType.FLOAT16 || type == DataType.BFLOAT16;
    }

    /** What is right, whatever the layouts. */
    private final class Expected {
        private final PlainArray[] outputs;
        private final PlainArray yGradient;
        private final PlainArray[] gradients;

        private Expected() {
            OperatorRun wide = isNarrow() ? in(DataType.FLOAT) : null;
            outputs = isNarrow() ? wide.outputs() : oracle.outputs(op, inputs);
            yGradient = PlainArray.gaussian(new Random(5), 1, outputs[0].shape()).roundedTo(type);
            gradients = isNarrow() ? wide.gradients(yGradient) : oracle.gradients(op, yGradient, inputs);
        }
    }

    private DoubleUnaryOperator allowed(double magnitude) {
        return Comparison.roundingErrors(type, TERMS, magnitude * oracle.errorFactor());
    }

    /** Whether an output holds whole numbers, such as positions. */
    public boolean isOfWholeNumbers(int output) {
        return !op.calculateOutputDataTypes(List.of(type)).get(output).isFPType();
    }

    /** The same run, on the numbers of this one, in another type. */
    public OperatorRun in(DataType other) {
        return new OperatorRun(oracle, new OracleCase(op, inputs), other);
    }

    /** By how much the operator's rounding errors exceed those of a sum. */
    public double errorFactor() {
        return oracle.errorFactor();
    }

    /** Dense arrays for the op, in its order of inputs. */
    public INDArray[] arrays() {
        return arguments().stream().map(argument -> argument.array.dup('c')).toArray(INDArray[]::new);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(type + " " + op);
        for (PlainArray input : inputs) {
            text.append(' ').append(Arrays.toString(input.shape()));
        }
        return text + ", layouts " + inputLayout + ", " + gradientLayout + ", " + outputLayout;
    }
}
