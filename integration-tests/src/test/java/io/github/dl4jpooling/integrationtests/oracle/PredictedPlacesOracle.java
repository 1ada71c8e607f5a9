// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** An operator on displaced places whose offsets come from a convolution: plain loops, one after the other. */
abstract class PredictedPlacesOracle extends OperatorOracle {

    private final OperatorOracle innerOracle;

    PredictedPlacesOracle(OperatorOracle innerOracle) {
        this.innerOracle = innerOracle;
    }

    /** The op that gets the predicted arrays. */
    protected abstract WindowedOp inner(WindowedOp op);

    /** Predicted channels that are offsets; there may be others behind them. */
    protected abstract int offsetChannels(WindowedOp op);

    /** Whether those others go through 2 sigmoid. */
    protected abstract boolean isSigmoid();

    static int taps(PoolingWindow window) {
        return window.kernel()[0] * window.kernel()[1];
    }

    /** The map, weights and bias of the convolution. */
    static PlainArray[] inputs(Random random, PoolingWindow window, int[] x, int channelsOfPlace) {
        int outputs = channelsOfPlace * taps(window);
        return new PlainArray[] {
            PlainArray.gaussian(random, 1, x),
            PlainArray.gaussian(random, 1 / Math.sqrt(taps(window)), outputs, x[1], window.kernel()[0],
                    window.kernel()[1]),
            PlainArray.gaussian(random, 1, outputs)
        };
    }

    @Override
    public final boolean hasExactGradients() {
        return true;
    }

    private PlainArray[] innerInputs(WindowedOp op, PlainArray... inputs) {
        PlainArray predicted = new PlainConvolution(op.window()).forward(inputs[0], inputs[1], inputs[2]);
        int offsets = offsetChannels(op);
        List<PlainArray> arguments = new ArrayList<>(List.of(inputs[0], channels(predicted, 0, offsets)));
        if (predicted.shape()[1] > offsets) {
            PlainArray second = channels(predicted, offsets, predicted.shape()[1]);
            if (isSigmoid()) {
                Arrays.setAll(second.values(), i -> 2 / (1 + Math.exp(-second.values()[i])));
            }
            arguments.add(second);
        }
        arguments.addAll(Arrays.asList(inputs).subList(3, inputs.length));
        return arguments.toArray(new PlainArray[0]);
    }

    private static PlainArray channels(PlainArray array, int begin, int end) {
        int[] shape = array.shape();
        shape[1] = end - begin;
        PlainArray result = PlainArray.zeros(shape);
        int map = shape[2] * shape[3];
        for (int batch = 0; batch < shape[0]; batch++) {
            System.arraycopy(array.values(), (batch * array.shape()[1] + begin) * map, result.values(),
                    batch * shape[1] * map, shape[1] * map);
        }
        return result;
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        return innerOracle.outputs(inner((WindowedOp) op), innerInputs((WindowedOp) op, inputs));
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        WindowedOp windowed = (WindowedOp) op;
        PlainArray[] arguments = innerInputs(windowed, inputs);
        PlainArray[] ofInner = innerOracle.gradients(inner(windowed), yGradient, arguments);
        int offsets = offsetChannels(windowed);
        int[] shape = yGradient.shape();
        shape[1] = inputs[2].shape()[0];
        PlainArray gradient = PlainArray.zeros(shape);
        for (int i = 0; i < gradient.values().length; i++) {
            int[] at = gradient.index(i);
            boolean isOffset = at[1] < offsets;
            PlainArray from = ofInner[isOffset ? 1 : 2];
            int channel = isOffset ? at[1] : at[1] - offsets;
            int position = ((at[0] * from.shape()[1] + channel) * shape[2] + at[2]) * shape[3] + at[3];
            double m = isOffset || !isSigmoid() ? 1 : arguments[2].values()[position];
            gradient.values()[i] = from.values()[position] * (isOffset || !isSigmoid() ? 1 : m * (1 - m / 2));
        }
        List<PlainArray> gradients = new ArrayList<>(
                List.of(ofInner[0], PlainArray.zeros(inputs[1].shape()), PlainArray.zeros(inputs[2].shape())));
        new PlainConvolution(windowed.window())
                .backward(inputs[0], inputs[1], gradient, gradients.get(0), gradients.get(1), gradients.get(2));
        int predicted = inputs[2].shape()[0] > offsets ? 2 : 1;
        gradients.addAll(Arrays.asList(ofInner).subList(1 + predicted, ofInner.length));
        return gradients.toArray(new PlainArray[0]);
    }
}
