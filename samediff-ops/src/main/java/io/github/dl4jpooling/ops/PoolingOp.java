// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.nd4j.PoolingIntegration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
 * that {@link PoolingIntegration} installs.
 *
 * <p>A subclass has a public constructor without arguments and keeps its configuration in the op's arguments: SameDiff
 * clones ops through their serialised form, and what stands in a Java field alone is lost.
 */
public abstract class PoolingOp extends DynamicCustomOp {

    private static final long HASH_PREFIX = 0x504F4F4CL << 32; // apart from the hashes of libnd4j's ops

    /** For SameDiff, which fills in the arguments. */
    protected PoolingOp() {
        PoolingIntegration.install();
    }

    /**
     * An op of a graph.
     *
     * @param sameDiff the graph
     * @param inputs the op's inputs
     */
    protected PoolingOp(SameDiff sameDiff, SDVariable... inputs) {
        super(null, sameDiff, inputs);
        PoolingIntegration.install();
    }

    /**
     * An op to execute at once.
     *
     * @param inputs the op's inputs
     * @param outputs arrays for the results, or null to have them allocated
     */
    protected PoolingOp(INDArray[] inputs, INDArray[] outputs) {
        super(null, inputs, outputs);
        PoolingIntegration.install();
    }

    /** @return the operator this op, or its gradient, belongs to */
    public abstract PoolingOperator operator();

    /** @return number of array inputs */
    public abstract int getNumInputs();

    /**
     * Computes the outputs. Called by the executioner, possibly from several threads at once.
     *
     * @param inputs the input arrays. Not modified.
     * @param outputs arrays of the output shapes. Modified: every element is written.
     * @throws IllegalArgumentException if arrays are missing or their ranks, sizes or types do not fit
     */
    public final void execute(List<INDArray> inputs, List<INDArray> outputs) {
        checkCount("input", getNumInputs(), inputs.size());
        checkCount("output", getNumOutputs(), outputs.size());
        compute(inputs, outputs);
    }

    private void checkCount(String kind, int expected, int actual) {
        if (actual != expected) {
            throw new IllegalArgumentException(
                    operator().title() + ": op " + opName() + " takes " + expected + " " + kind
                            + " arrays, got " + actual);
        }
    }

    /**
     * Computes the outputs from as many arrays as the op has inputs and outputs.
     *
     * @param inputs the input arrays. Not modified.
     * @param outputs arrays for the results. Modified: every element is written.
     */
    protected abstract void compute(List<INDArray> inputs, List<INDArray> outputs);

    /**
     * Shapes and types of the outputs; the place where inputs are checked.
     *
     * @param inputs the input arrays
     * @return one descriptor an output
     */
    protected abstract List<LongShapeDescriptor> outputShapes(List<INDArray> inputs);

    @Override
    public abstract int getNumOutputs();

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
        checkCount("input", getNumInputs(), inputs.size());
        return outputShapes(inputs);
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputTypes) {
        return Collections.nCopies(getNumOutputs(), inputTypes.get(0));
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
        // outputShapes checks the inputs.
    }
}
