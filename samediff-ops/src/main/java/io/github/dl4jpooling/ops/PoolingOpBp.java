// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/**
 * Gradient of a {@link PoolingOp}. Inputs: those of the forward op, its outputs but the first, and the gradient of the
 * loss for the first output. Outputs: the gradients of the loss for the forward op's differentiable inputs. Not
 * differentiable itself.
 */
public abstract class PoolingOpBp extends ExecutableOp {

    private final PoolingOp forward;

    /**
     * Starts without configuration.
     *
     * @param forward the forward op without configuration
     */
    protected PoolingOpBp(PoolingOp forward) {
        this.forward = forward;
    }

    @Override
    public final PoolingOperator operator() {
        return forward.operator();
    }

    @Override
    public final String opName() {
        return forward.opName() + "_bp";
    }

    @Override
    public void configureFromArguments() {
        forward.takeArguments(this);
    }

    @Override
    public final List<String> inputNames() {
        List<String> names = new ArrayList<>(forward.inputNames());
        names.addAll(savedNames());
        names.add("gradient of the " + forward.outputNames().get(0));
        return names;
    }

    private List<String> savedNames() {
        return forward.outputNames().subList(1, forward.outputNames().size());
    }

    @Override
    public final List<String> outputNames() {
        return forward.inputNames().subList(0, forward.differentiableInputs()).stream()
                .map(name -> "gradient of the " + name)
                .collect(Collectors.toList());
    }

    @Override
    final List<LongShapeDescriptor> describeOutputs(List<INDArray> inputs) {
        int count = forward.inputNames().size();
        List<LongShapeDescriptor> shapes = forward.outputShapes(inputs.subList(0, count));
        for (int i = 0; i < shapes.size(); i++) {
            int place = i == 0 ? inputs.size() - 1 : count + i - 1;
            checkArray(inputNames().get(place), inputs.get(place), shapes.get(i));
        }
        return inputs.subList(0, forward.differentiableInputs()).stream()
                .map(input -> LongShapeDescriptor.fromShape(input.shape(), input.dataType()))
                .collect(Collectors.toList());
    }

    @Override
    final void compute(List<INDArray> inputs, List<INDArray> outputs) {
        int count = forward.inputNames().size();
        int last = inputs.size() - 1;
        if (inputs.get(last).isEmpty()) { // no result depends on anything
            outputs.stream().filter(output -> !output.isEmpty()).forEach(output -> output.assign(0));
            return;
        }
        forward.backward(inputs.subList(0, count), inputs.subList(count, last), inputs.get(last), outputs);
    }

    @Override
    public List<DataType> calculateOutputDataTypes(List<DataType> inputTypes) {
        return inputTypes.subList(0, forward.differentiableInputs());
    }

    @Override
    public List<SDVariable> doDiff(List<SDVariable> outputGradients) {
        throw new UnsupportedOperationException(opName() + " is a gradient: second derivatives are not available");
    }
}
