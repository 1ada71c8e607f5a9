// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.DeformableAveragePool;
import io.github.dl4jpooling.ops.DeformableBlockPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.Random;

/** Deformable average pooling whose offsets come from a convolution: both as plain loops, one after the other. */
public final class DeformableBlockPoolOracle extends OperatorOracle {

    private final DeformableAveragePoolOracle poolingOracle = new DeformableAveragePoolOracle();

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = new WindowDraws(random, 2);
        PoolingWindow window = drawn.window();
        int groups = 1 + random.nextInt(2);
        boolean modulated = random.nextBoolean();
        int[] x = drawn.shape(groups * (1 + random.nextInt(4)));
        int taps = window.kernel()[0] * window.kernel()[1];
        int outputs = (modulated ? 3 : 2) * groups * taps;
        return new OracleCase(
                new DeformableBlockPool(window, groups, modulated, random.nextBoolean()),
                PlainArray.gaussian(random, 1, x),
                PlainArray.gaussian(random, 1 / Math.sqrt(taps), outputs, x[1], window.kernel()[0], window.kernel()[1]),
                PlainArray.gaussian(random, 1, outputs));
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    /** Inputs of the pooling. */
    private static PlainArray[] predict(DeformableAveragePool pooling, PlainArray... inputs) {
        PlainArray predicted = new PlainConvolution(pooling.window()).forward(inputs[0], inputs[1], inputs[2]);
        int taps = pooling.groups() * pooling.window().kernel()[0] * pooling.window().kernel()[1];
        PlainArray offset = channels(predicted, 0, 2 * taps);
        if (!pooling.isModulated()) {
            return new PlainArray[] {inputs[0], offset};
        }
        PlainArray mask = channels(predicted, 2 * taps, 3 * taps);
        Arrays.setAll(mask.values(), i -> 2 / (1 + Math.exp(-mask.values()[i])));
        return new PlainArray[] {inputs[0], offset, mask};
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
        DeformableAveragePool pooling = ((DeformableBlockPool) op).pooling();
        return poolingOracle.outputs(pooling, predict(pooling, inputs));
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        DeformableAveragePool pooling = ((DeformableBlockPool) op).pooling();
        PlainArray[] predicted = predict(pooling, inputs);
        PlainArray[] ofPooling = poolingOracle.gradients(pooling, yGradient, predicted);
        int[] shape = yGradient.shape();
        int offsets = predicted[1].shape()[1];
        shape[1] = inputs[2].shape()[0];
        PlainArray gradient = PlainArray.zeros(shape);
        for (int i = 0; i < gradient.values().length; i++) {
            int[] at = gradient.index(i);
            boolean isOffset = at[1] < offsets;
            PlainArray from = ofPooling[isOffset ? 1 : 2];
            int channel = isOffset ? at[1] : at[1] - offsets;
            int position = ((at[0] * from.shape()[1] + channel) * shape[2] + at[2]) * shape[3] + at[3];
            double m = isOffset ? 1 : predicted[2].values()[position];
            gradient.values()[i] = from.values()[position] * (isOffset ? 1 : m * (1 - m / 2));
        }
        PlainArray[] gradients = {ofPooling[0], PlainArray.zeros(inputs[1].shape()), PlainArray.zeros(inputs[2].shape())};
        new PlainConvolution(pooling.window())
                .backward(inputs[0], inputs[1], gradient, gradients[0], gradients[1], gradients[2]);
        return gradients;
    }
}
