// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * An op on displaced places whose offsets, and factors or a policy, come from a convolution over the input with the
 * op's own window. Inputs: the map, weights and bias of the convolution, then what the op takes behind the predicted
 * arrays.
 */
abstract class PredictedPlacesOp extends CompositeOp {

    private static final int PREDICTION = 3; // inputs: the map, weights, bias

    /** For SameDiff, which fills in the arguments. */
    PredictedPlacesOp() {}

    PredictedPlacesOp(PoolingWindow window, long[] options) {
        super(window, options);
    }

    /** What a number for each place, besides the offsets, is. */
    enum Second {
        /** There is none. */
        NONE,
        /** A factor 2 sigmoid(z) of the predicted z: between 0 and 2, 1 at first. */
        FACTOR,
        /** The predicted number itself. */
        LOGIT
    }

    /** The op that gets the predicted arrays behind the map. */
    abstract WindowedOp inner();

    abstract int groups();

    abstract Second second();

    /** Names of weights and bias of the convolution. */
    List<String> predictionNames() {
        return Arrays.asList("weights", "bias");
    }

    /** Shapes of the inner op's inputs behind the predicted ones; those that are parameters. */
    Map<String, long[]> innerParameterShapes(WindowGeometry geometry) {
        return new LinkedHashMap<>();
    }

    private int predictedArrays() {
        return second() == Second.NONE ? 1 : 2;
    }

    private long taps() {
        int[] kernel = window().kernel();
        return (long) groups() * kernel[0] * kernel[1];
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        checkImages();
        inner();
    }

    @Override
    public List<String> inputNames() {
        List<String> names = new ArrayList<>(Arrays.asList("input"));
        names.addAll(predictionNames());
        List<String> ofInner = inner().inputNames();
        names.addAll(ofInner.subList(1 + predictedArrays(), ofInner.size()));
        return names;
    }

    @Override
    public int differentiableInputs() {
        return PREDICTION + inner().differentiableInputs() - 1 - predictedArrays();
    }

    @Override
    public List<String> outputNames() {
        return inner().outputNames();
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return inner().typeOf(name, type);
    }

    @Override
    public Map<String, long[]> parameterShapes(long... inputShape) {
        WindowGeometry geometry = geometry(inputShape);
        int[] kernel = window().kernel();
        long outputs = (1 + predictedArrays()) * taps();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(predictionNames().get(0), new long[] {outputs, geometry.channels(), kernel[0], kernel[1]});
        shapes.put(predictionNames().get(1), new long[] {outputs});
        shapes.putAll(innerParameterShapes(geometry));
        return shapes;
    }

    @Override
    public boolean isWeight(String name) {
        return name.equals(predictionNames().get(0)) || inner().isWeight(name);
    }

    /** Shapes of the outputs, once the inputs' are known to be right. */
    long[][] resultShapes(WindowGeometry geometry) {
        return new long[][] {geometry.outputShape()};
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        checkParameters(inputs);
        WindowGeometry geometry = geometry(inputs.get(0).shape());
        if (geometry.channels() % groups() != 0) {
            throw error("the number of groups must divide that of channels, got " + groups() + " groups and "
                    + geometry.channels() + " channels");
        }
        return resultShapes(geometry);
    }

    /** Inputs of the inner op. */
    private List<INDArray> predict(Convolution convolution, List<INDArray> inputs, Temporaries temporaries) {
        INDArray x = inputs.get(0);
        INDArray predicted = convolution.forward(channelsFirst(x), inputs.get(1), inputs.get(2), temporaries);
        List<INDArray> arguments = new ArrayList<>(Arrays.asList(x));
        if (second() == Second.NONE) {
            arguments.add(inOwnOrder(predicted));
        } else {
            arguments.add(inOwnOrder(predicted.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2 * taps()))));
            INDArray second =
                    predicted.get(NDArrayIndex.all(), NDArrayIndex.interval(2 * taps(), predicted.size(1)));
            if (second() == Second.FACTOR) {
                second.assign(temporaries.add(Transforms.sigmoid(second, true)).muli(2));
            }
            arguments.add(inOwnOrder(second));
        }
        arguments.addAll(inputs.subList(PREDICTION, inputs.size()));
        return arguments;
    }

    @Override
    final void forward(List<INDArray> inputs, INDArray y, Temporaries temporaries) {
        forward(inputs, Arrays.asList(y), temporaries);
    }

    @Override
    final void forward(List<INDArray> inputs, List<INDArray> outputs, Temporaries temporaries) {
        Convolution convolution = new Convolution(geometry(inputs.get(0).shape()));
        inner().execute(predict(convolution, inputs, temporaries), outputs);
    }

    @Override
    final void backward(
            List<INDArray> inputs, INDArray yGradient, List<INDArray> gradients, Temporaries temporaries) {
        backward(inputs, Arrays.asList(), yGradient, gradients, temporaries);
    }

    @Override
    final void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries) {
        Convolution convolution = new Convolution(geometry(inputs.get(0).shape()));
        List<INDArray> arguments = predict(convolution, inputs, temporaries);
        List<INDArray> results = new ArrayList<>(Arrays.asList(gradients.get(0)));
        for (INDArray predicted : arguments.subList(1, 1 + predictedArrays())) {
            results.add(temporaries.like(predicted));
        }
        results.addAll(gradients.subList(PREDICTION, gradients.size()));
        List<INDArray> ofGradient = new ArrayList<>(arguments);
        ofGradient.addAll(saved);
        ofGradient.add(yGradient);
        inner().gradient().execute(ofGradient, results);
        INDArray predictedGradient = channelsFirst(results.get(1));
        if (second() != Second.NONE) {
            if (second() == Second.FACTOR) {
                INDArray m = arguments.get(2);
                results.get(2).muli(m).muli(temporaries.add(m.mul(-0.5)).addi(1)); // dm/dz = m (1 - m/2)
            }
            predictedGradient =
                    temporaries.add(Nd4j.concat(1, predictedGradient, channelsFirst(results.get(2))));
        }
        INDArray x = convolution.backward(
                channelsFirst(inputs.get(0)), inputs.get(1), inputs.get(2), predictedGradient, gradients.get(1),
                gradients.get(2), temporaries);
        gradients.get(0).addi(inOwnOrder(x));
    }
}
