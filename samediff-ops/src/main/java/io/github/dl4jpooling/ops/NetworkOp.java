// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.DynamicCustomOp;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A gate for images: poolings and a small network look at the map and say how much of each element passes. The
 * inputs behind the map are the network's parameters. Half and bfloat16 are computed in float.
 *
 * <p>Matrix products, convolutions and sums are ND4J's, whose order of summation may depend on the number of threads.
 */
public abstract class NetworkOp extends MapOp {

    static final double EPSILON = 1e-5; // of batch normalisations

    private static final int DIMENSIONS = 2;

    /** For SameDiff, which fills in the arguments. */
    NetworkOp() {}

    NetworkOp(boolean channelsLast, long... options) {
        super(channelsLast, options);
        checkOptions();
    }

    /**
     * Shapes of the parameters.
     *
     * @param inputShape shape of the map
     * @return shapes by the names of the inputs, in their order
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    public abstract Map<String, long[]> parameterShapes(long... inputShape);

    /**
     * Whether a parameter is a weight, to which a layer's l1, l2 and weight decay apply.
     *
     * @param name its name
     * @return false for biases and the like
     */
    public final boolean isWeight(String name) {
        return name.startsWith("weights");
    }

    /** Computes the output; arrays are float or double, the map and the output channels first. */
    abstract void forward(INDArray x, List<INDArray> parameters, List<INDArray> outputs, Temporaries temporaries);

    /**
     * Computes the gradients; arrays are float or double, the map and its gradients channels first.
     *
     * @param gradients gradient of the map, then of the parameters that have one. Modified: every element is written.
     */
    abstract void backward(INDArray x, List<INDArray> parameters, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries);

    @Override
    protected final int dimensions() {
        return DIMENSIONS;
    }

    /** Number of channels of a map whose rank and sizes are checked. */
    final long channels(long... inputShape) {
        spatialSizes(inputShape);
        return inputShape[axes().channelAxis()];
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        checkParameters(inputs);
        return new long[][] {inputs.get(0).shape()};
    }

    /** Checks the shapes of all inputs but the first. */
    final void checkParameters(List<INDArray> inputs) {
        int next = 1;
        for (Map.Entry<String, long[]> entry : parameterShapes(inputs.get(0).shape()).entrySet()) {
            checkShape(entry.getKey(), inputs.get(next++), entry.getValue());
        }
    }

    final INDArray channelsFirst(INDArray map) {
        return channelsLast() ? map.permute(0, 3, 1, 2) : map;
    }

    @Override
    protected final void forward(List<INDArray> inputs, List<INDArray> outputs) {
        WideArrays.run(inputs, outputs, (wideInputs, wideOutputs, temporaries) -> {
            List<INDArray> results = new ArrayList<>(wideOutputs);
            results.set(0, channelsFirst(wideOutputs.get(0)));
            forward(channelsFirst(wideInputs.get(0)), wideInputs.subList(1, wideInputs.size()), results, temporaries);
        });
    }

    @Override
    protected final void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        WideArrays.runBackward(true, inputs, outputGradient, inputGradients,
                (wide, yGradient, gradients, temporaries) -> {
                    List<INDArray> results = new ArrayList<>(gradients);
                    results.set(0, channelsFirst(gradients.get(0)));
                    backward(channelsFirst(wide.get(0)), wide.subList(1, wide.size()), channelsFirst(yGradient),
                            results, temporaries);
                });
    }

    /** result = a * b, where axes of b of size 1 stand for all elements. */
    static void multiply(INDArray a, INDArray b, INDArray result) {
        elementwise("multiply", a, b, result);
    }

    /** result = a + b, where axes of b of size 1 stand for all elements. */
    static void add(INDArray a, INDArray b, INDArray result) {
        elementwise("add", a, b, result);
    }

    private static void elementwise(String op, INDArray a, INDArray b, INDArray result) {
        Nd4j.exec(DynamicCustomOp.builder(op).addInputs(a, b).addOutputs(result).build());
    }

    static INDArray sigmoid(INDArray x, Temporaries temporaries) {
        return temporaries.add(Transforms.sigmoid(x, true));
    }

    /** Gradient of x for y = sigmoid(x), in place of that of y. */
    static INDArray sigmoidGradient(INDArray y, INDArray yGradient, Temporaries temporaries) {
        return yGradient.muli(y).muli(temporaries.add(y.rsub(1)));
    }

    /**
     * The gate's own part of the gradients: that of the map, which is written, and that of the gate, a new array.
     *
     * @param gate with axes of size 1 that stand for all elements
     */
    static INDArray gateBackward(INDArray x, INDArray gate, INDArray yGradient, INDArray xGradient,
            Temporaries temporaries) {
        multiply(x, yGradient, xGradient); // the place that is written later holds the products
        int[] axes = IntStream.range(0, gate.rank())
                .filter(axis -> gate.size(axis) == 1 && x.size(axis) > 1).toArray();
        INDArray gateGradient = temporaries.add(axes.length == 0 ? xGradient.dup('c') : xGradient.sum(true, axes));
        multiply(yGradient, gate, xGradient);
        return gateGradient;
    }
}
