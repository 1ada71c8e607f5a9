// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Pooling operators on arrays, executed at once; the counterpart of ND4J's NDCNN. In graphs use {@link SDPooling}. Each
 * operator is a subclass of {@link PoolingOp}, which says what inputs and outputs it has.
 *
 * <pre>{@code
 * PoolingWindow window = PoolingWindow.builder(2, 2).build();
 * INDArray y = new NDPooling().pool(new SoftPool(window), x);
 * }</pre>
 */
public class NDPooling {

    /**
     * Applies an operator.
     *
     * @param op the operator and its configuration. Not modified.
     * @param inputs its inputs, the array to pool first. Not modified.
     * @return the pooled array, the operator's first output
     * @throws IllegalArgumentException if number, ranks, sizes or types of the inputs do not fit
     */
    public INDArray pool(PoolingOp op, INDArray... inputs) {
        return execute(Objects.requireNonNull(op, "op").withoutGradient(), inputs)[0];
    }

    /**
     * Applies an operator.
     *
     * @param op the operator and its configuration. Not modified.
     * @param inputs its inputs, the array to pool first. Not modified.
     * @return all its outputs, the pooled array first
     * @throws IllegalArgumentException if number, ranks, sizes or types of the inputs do not fit
     */
    public INDArray[] outputs(PoolingOp op, INDArray... inputs) {
        return execute(Objects.requireNonNull(op, "op").copy(), inputs);
    }

    private static INDArray[] execute(PoolingOp op, INDArray... inputs) {
        op.addInputArgument(Objects.requireNonNull(inputs, "inputs"));
        return Nd4j.exec(op);
    }

    /**
     * Gradients of an operator with one output.
     *
     * @param op the operator and its configuration. Not modified.
     * @param outputGradient gradient of the loss for the output. Not modified.
     * @param inputs inputs of the forward pass. Not modified.
     * @return gradients of the loss for the operator's differentiable inputs, in their order
     * @throws IllegalArgumentException if number, ranks, sizes or types of the arrays do not fit
     */
    public INDArray[] gradients(PoolingOp op, INDArray outputGradient, INDArray... inputs) {
        return gradients(op, outputGradient, new INDArray[1], inputs);
    }

    /**
     * Gradients of an operator whose further outputs the gradient needs.
     *
     * @param op the operator and its configuration. Not modified.
     * @param outputGradient gradient of the loss for the first output. Not modified.
     * @param outputs what {@link #outputs} returned; the first of them is not used and may be null. Not modified.
     * @param inputs inputs of the forward pass. Not modified.
     * @return gradients of the loss for the operator's differentiable inputs, in their order
     * @throws IllegalArgumentException if number, ranks, sizes or types of the arrays do not fit
     */
    public INDArray[] gradients(PoolingOp op, INDArray outputGradient, INDArray[] outputs, INDArray... inputs) {
        List<INDArray> arguments = new ArrayList<>(Arrays.asList(Objects.requireNonNull(inputs, "inputs")));
        arguments.addAll(Arrays.asList(Objects.requireNonNull(outputs, "outputs")).subList(1, outputs.length));
        arguments.add(outputGradient);
        PoolingOpBp gradient = Objects.requireNonNull(op, "op").gradient();
        gradient.addInputArgument(arguments.toArray(new INDArray[0]));
        return Nd4j.exec(gradient);
    }
}
