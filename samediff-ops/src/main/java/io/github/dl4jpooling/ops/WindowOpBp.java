// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Collections;
import java.util.List;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/** Gradient of a {@link WindowOp}: inputs x and dL/dy, output dL/dx. Not differentiable itself. */
public abstract class WindowOpBp extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    protected WindowOpBp() {}

    /**
     * A gradient op of a graph.
     *
     * @param sameDiff the graph
     * @param window the window of the forward op
     * @param x input of the forward op
     * @param yGradient gradient of the loss for its output
     */
    protected WindowOpBp(SameDiff sameDiff, PoolingWindow window, SDVariable x, SDVariable yGradient) {
        super(sameDiff, window, x, yGradient);
    }

    /**
     * A gradient op to execute at once.
     *
     * @param window the window of the forward op
     * @param x input of the forward op
     * @param yGradient gradient of the loss for its output
     * @param xGradient array for the result, or null to have it allocated
     */
    protected WindowOpBp(PoolingWindow window, INDArray x, INDArray yGradient, INDArray xGradient) {
        super(window, xGradient, x, yGradient);
    }

    @Override
    public String opName() {
        return operator().opName() + "_bp";
    }

    @Override
    public int getNumInputs() {
        return operator().inputs() + 1;
    }

    @Override
    protected List<LongShapeDescriptor> outputShapes(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        return Collections.singletonList(LongShapeDescriptor.fromShape(x.shape(), x.dataType()));
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        WindowKernels.backward(operator(), window(), inputs.get(0), inputs.get(1), outputs.get(0));
    }

    @Override
    protected WindowOpBp gradient(SDVariable x, SDVariable yGradient) {
        throw new UnsupportedOperationException(opName() + " is a gradient: second derivatives are not available");
    }
}
