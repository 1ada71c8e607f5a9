// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.nd4j.PoolingIntegration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.CustomOpDescriptor;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.api.ops.OpContext;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/**
 * Base of the SameDiff ops of this project, whose kernels lie outside libnd4j. ND4J runs them through the executioner
 * that {@link PoolingIntegration} installs. Operators extend {@link PoolingOp}, their gradients {@link PoolingOpBp}.
 *
 * <p>A subclass has a public constructor without arguments and keeps its configuration in the op's arguments: SameDiff
 * clones ops through their serialised form, and what stands in a Java field alone is lost.
 */
public abstract class ExecutableOp extends DynamicCustomOp {

    private static final long HASH_PREFIX = 0x504F4F4CL << 32; // apart from the hashes of libnd4j's ops

    /** Starts without inputs, outputs and arguments. */
    ExecutableOp() {
        PoolingIntegration.install();
    }

    /** @return the operator this op, or its gradient, belongs to */
    public abstract PoolingOperator operator();

    /** @return names of the array inputs, in order */
    public abstract List<String> inputNames();

    /** @return names of the outputs, in order */
    public abstract List<String> outputNames();

    /**
     * Shapes and types of the outputs; the place where inputs are checked.
     *
     * @param inputs as many arrays as there are input names
     * @return one descriptor an output
     * @throws IllegalArgumentException if ranks, sizes or types do not fit
     */
    abstract List<LongShapeDescriptor> describeOutputs(List<INDArray> inputs);

    /**
     * Computes the outputs.
     *
     * @param inputs arrays that {@link #describeOutputs} has checked. Not modified.
     * @param outputs arrays of the shapes and types it gave. Modified: every element is written.
     */
    abstract void compute(List<INDArray> inputs, List<INDArray> outputs);

    /**
     * Shapes and types of the outputs.
     *
     * @param inputs the input arrays
     * @return one descriptor an output
     * @throws IllegalArgumentException if arrays are missing or their ranks, sizes or types do not fit, or the outputs
     *     would not fit in memory
     * @throws IllegalStateException if an array was closed, or belongs to a workspace that was left
     */
    public final List<LongShapeDescriptor> outputShapes(List<INDArray> inputs) {
        List<LongShapeDescriptor> shapes = checkedShapes(inputs);
        ArrayMemory.problem(shapes).ifPresent(problem -> {
            throw error(problem);
        });
        return shapes;
    }

    private List<LongShapeDescriptor> checkedShapes(List<INDArray> inputs) {
        List<String> names = inputNames();
        checkCount("input", names.size(), Objects.requireNonNull(inputs, "inputs").size());
        for (int i = 0; i < inputs.size(); i++) {
            checkUsable(names.get(i), inputs.get(i));
        }
        try {
            return describeOutputs(inputs);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw named(inputs, e);
        }
    }

    /** An error of whatever this op is made from, which names the operator, too. */
    private IllegalArgumentException named(List<INDArray> inputs, RuntimeException e) {
        if (e instanceof ArithmeticException) { // of Math.toIntExact and the like
            return new IllegalArgumentException(operator().title() + ": sizes are too large for arrays of shapes "
                    + Arrays.deepToString(inputs.stream().map(INDArray::shape).toArray()) + " and options "
                    + Arrays.toString(iArgs()) + ": " + e.getMessage(), e);
        }
        return e.getMessage() != null && e.getMessage().startsWith(operator().title() + ": ")
                ? (IllegalArgumentException) e
                : new IllegalArgumentException(operator().title() + ": " + e.getMessage(), e);
    }

    /**
     * Makes the outputs and computes them. Inputs are checked once, where {@link #outputShapes} and {@link #execute}
     * check them each.
     *
     * @param inputs the input arrays. Not modified.
     * @param memory makes an array, whose elements need not be set
     * @return the outputs
     * @throws IllegalArgumentException as {@link #outputShapes} and {@link #execute}
     * @throws IllegalStateException if an array was closed, or belongs to a workspace that was left
     */
    public final List<INDArray> apply(List<INDArray> inputs, Function<LongShapeDescriptor, INDArray> memory) {
        List<LongShapeDescriptor> shapes = outputShapes(inputs);
        List<INDArray> outputs = new ArrayList<>(shapes.size());
        for (LongShapeDescriptor shape : shapes) {
            outputs.add(memory.apply(shape));
        }
        execute(inputs, shapes, outputs);
        return outputs;
    }

    /**
     * Computes the outputs. Called by the executioner, possibly from several threads at once.
     *
     * @param inputs the input arrays. Not modified.
     * @param outputs arrays of the output shapes. Modified: every element is written.
     * @throws IllegalArgumentException if arrays are missing or their ranks, sizes or types do not fit
     * @throws IllegalStateException if an array was closed, or belongs to a workspace that was left
     */
    public final void execute(List<INDArray> inputs, List<INDArray> outputs) {
        // The outputs are there, whatever memory they take.
        execute(inputs, checkedShapes(inputs), Objects.requireNonNull(outputs, "outputs"));
    }

    private void execute(List<INDArray> inputs, List<LongShapeDescriptor> shapes, List<INDArray> outputs) {
        checkCount("output", shapes.size(), outputs.size());
        checkOutputs(inputs, shapes, outputs);
        try {
            compute(inputs, outputs);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw named(inputs, e);
        }
    }

    /** No input may change while it is read. */
    private void checkOutputs(List<INDArray> inputs, List<LongShapeDescriptor> shapes, List<INDArray> outputs) {
        List<String> names = outputNames();
        List<INDArray> others = new ArrayList<>(inputs);
        for (int i = 0; i < outputs.size(); i++) {
            String name = names.get(i);
            INDArray output = outputs.get(i);
            checkUsable(name, output);
            checkArray(name, output, shapes.get(i));
            ArrayMemory.unwritable(output, others).ifPresent(problem -> {
                throw error("the " + name + " " + problem);
            });
            others.add(output);
        }
    }

    private void checkCount(String kind, int expected, int actual) {
        if (actual != expected) {
            throw error("op " + opName() + " takes " + expected + " " + kind + " arrays, got " + actual);
        }
    }

    /** Before any of its elements is read: memory that was given back ends the JVM. */
    private void checkUsable(String name, INDArray array) {
        if (array == null) {
            throw error("the " + name + " is missing (null)");
        }
        ArrayMemory.released(array).ifPresent(reason -> {
            throw new IllegalStateException(operator().title() + ": the " + name + " " + reason);
        });
        ArrayMemory.outside(array).ifPresent(problem -> {
            throw error("the " + name + " " + problem);
        });
    }

    final void checkArray(String name, INDArray array, LongShapeDescriptor expected) {
        checkType(name, array, Collections.singletonList(expected.dataType()));
        checkShape(name, array, expected.getShape());
    }

    final void checkType(String name, INDArray array, List<DataType> types) {
        if (!types.contains(array.dataType())) {
            String allowed = types.size() == 1 ? "" + types.get(0) : "one of " + types;
            throw error("type of the " + name + " must be " + allowed + ", got " + array.dataType());
        }
    }

    final void checkShape(String name, INDArray array, long... shape) {
        if (!Arrays.equals(array.shape(), shape)) {
            throw error("shape of the " + name + " must be " + Arrays.toString(shape) + ", got "
                    + Arrays.toString(array.shape()));
        }
    }

    /**
     * An error that names the operator.
     *
     * @param message what is wrong: argument, value, what is allowed
     * @return the exception to throw
     */
    protected final IllegalArgumentException error(String message) {
        return new IllegalArgumentException(operator().title() + ": " + message);
    }

    /** Called when the op is made; few are asked for their names, and drawing one takes longer than a small pooling. */
    @Override
    protected final void setInstanceId() {
        setOwnNameSetWithDefault(true);
    }

    @Override
    public final String getOwnName() {
        if (super.getOwnName() == null) {
            setOwnName(UUID.randomUUID().toString()); // as ND4J would have done
        }
        return super.getOwnName();
    }

    /** Ops are told apart by their names. */
    @Override
    public final boolean equals(Object other) {
        return other instanceof ExecutableOp && getOwnName().equals(((ExecutableOp) other).getOwnName())
                && super.equals(other);
    }

    @Override
    public final int hashCode() {
        return getOwnName().hashCode();
    }

    /** Makes this op, which has no inputs yet, part of a graph. */
    final void bind(SameDiff graph, SDVariable... inputs) {
        setSameDiff(graph);
        graph.addArgsFor(inputs, this);
    }

    /** Takes over the configuration of another op of the same operator. */
    final void takeArguments(ExecutableOp other) {
        takeArguments(other, other.iArgs());
    }

    /** The same with other whole numbers. */
    final void takeArguments(ExecutableOp other, long... numbers) {
        iArguments.clear();
        tArguments.clear();
        addIArgument(numbers);
        addTArgument(other.tArgs());
        configureFromArguments();
    }

    @Override
    public final int getNumOutputs() {
        return outputNames().size();
    }

    @Override
    public List<LongShapeDescriptor> calculateOutputShape() {
        return calculateOutputShape(null);
    }

    @Override
    public List<LongShapeDescriptor> calculateOutputShape(OpContext context) {
        List<INDArray> inputs = context != null ? context.getInputArrays() : inputArguments();
        if (inputs == null || inputs.isEmpty()) {
            return Collections.emptyList(); // SameDiff asks before there are arrays
        }
        return outputShapes(inputs);
    }

    @Override
    public CustomOpDescriptor getDescriptor() {
        return CustomOpDescriptor.builder()
                .numInputs(-1)
                .numOutputs(getNumOutputs())
                .numIArgs(-1)
                .numTArgs(-1)
                .allowsInplace(false)
                .hash(HASH_PREFIX)
                .build();
    }

    /**
     * {@inheritDoc}
     *
     * @throws IllegalStateException if ND4J would hand this op to libnd4j, which does not know it and would end the JVM
     */
    @Override
    public long opHash() {
        PoolingIntegration.requireInstalled(opName());
        return HASH_PREFIX | opName().hashCode() & 0xffffffffL;
    }

    // ND4J's own looks the op up among those of libnd4j and fails.
    @Override
    public Map<String, Object> propertiesForFunction() {
        return new LinkedHashMap<>();
    }

    @Override
    public void setPropertiesForFunction(Map<String, Object> properties) {
        // The configuration is in the arguments.
    }

    @Override
    public void assertValidForExecution() {
        // describeOutputs checks the inputs.
    }
}
