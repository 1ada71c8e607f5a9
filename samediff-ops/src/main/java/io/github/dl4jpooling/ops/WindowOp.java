// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/** A pooling op with one input, one output and a {@link PoolingWindow}. */
public abstract class WindowOp extends PoolingOp {

    private PoolingWindow window;

    /** For SameDiff, which fills in the arguments. */
    protected WindowOp() {}

    /**
     * An op of a graph.
     *
     * @param sameDiff the graph
     * @param window the window
     * @param inputs the array to pool
     */
    protected WindowOp(SameDiff sameDiff, PoolingWindow window, SDVariable... inputs) {
        super(sameDiff, inputs);
        setWindow(window);
    }

    /**
     * An op to execute at once.
     *
     * @param window the window
     * @param output array for the result, or null to have it allocated
     * @param inputs the array to pool
     */
    protected WindowOp(PoolingWindow window, INDArray output, INDArray... inputs) {
        super(inputs, output == null ? null : new INDArray[] {output});
        setWindow(window);
    }

    private void setWindow(PoolingWindow newWindow) {
        window = Objects.requireNonNull(newWindow, "window");
        addIArgument(newWindow.toArguments());
    }

    /** @return the window */
    public PoolingWindow window() {
        return window;
    }

    @Override
    public void configureFromArguments() {
        window = PoolingWindow.fromArguments(iArgs());
    }

    @Override
    public String opName() {
        return operator().opName();
    }

    @Override
    public int getNumInputs() {
        return operator().inputs();
    }

    @Override
    public int getNumOutputs() {
        return 1;
    }

    @Override
    protected List<LongShapeDescriptor> outputShapes(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        long[] shape = WindowKernels.outputShape(operator(), window, x);
        return Collections.singletonList(LongShapeDescriptor.fromShape(shape, x.dataType()));
    }

    @Override
    protected void compute(List<INDArray> inputs, List<INDArray> outputs) {
        WindowKernels.forward(operator(), window, inputs.get(0), outputs.get(0));
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> outputGradients) {
        return Collections.singletonList(gradient(arg(0), outputGradients.get(0)).outputVariable());
    }

    /**
     * The op's gradient in the same graph.
     *
     * @param x the op's input
     * @param yGradient gradient of the loss for the op's output
     * @return an op that gives the gradient of the loss for {@code x}
     */
    protected abstract WindowOpBp gradient(SDVariable x, SDVariable yGradient);
}
