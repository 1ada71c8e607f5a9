// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.DeformableAveragePool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Deformable average pooling. The map between its elements is the sum of x[h,w] max(0, 1-|y-h|) max(0, 1-|x-w|) over
 * all of them.
 */
public final class DeformableAveragePoolOracle extends OperatorOracle {

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = new WindowDraws(random, 2);
        PoolingWindow window = drawn.window();
        int groups = 1 + random.nextInt(3);
        boolean modulated = random.nextBoolean();
        int channels = groups * (1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 4));
        int[] x = drawn.shape(channels);
        DeformableAveragePool op =
                new DeformableAveragePool(window, groups, modulated, random.nextBoolean());
        int taps = groups * window.kernel()[0] * window.kernel()[1];
        int[] y = WindowOracle.outputShape(window, x);
        PlainArray offset = PlainArray.gaussian(random, 1.5, x[0], 2 * taps, y[2], y[3]);
        double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e30, -1e5};
        for (int i = 0; i < offset.values().length; i++) {
            if (random.nextInt(20) == 0) {
                offset.values()[i] = special[random.nextInt(special.length)];
            }
        }
        PlainArray input = PlainArray.gaussian(random, 2, x);
        return modulated
                ? new OracleCase(op, input, offset, PlainArray.gaussian(random, 1, x[0], taps, y[2], y[3]))
                : new OracleCase(op, input, offset);
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("deform_avg_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        PoolingWindow window = golden.window(channelsLast);
        int taps = window.kernel()[0] * window.kernel()[1];
        int groups = golden.array("offset").shape()[1] / 2 / taps;
        return new DeformableAveragePool(window, groups, golden.hasArray("mask"), true);
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return true;
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        PlainArray y = PlainArray.zeros(WindowOracle.outputShape(
                ((DeformableAveragePool) op).window(), inputs[0].shape()));
        visit((DeformableAveragePool) op, inputs, y, null);
        return new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray[] gradients =
                Arrays.stream(inputs).map(input -> PlainArray.zeros(input.shape())).toArray(PlainArray[]::new);
        visit((DeformableAveragePool) op, inputs, yGradient, gradients);
        return gradients;
    }

    private static void visit(DeformableAveragePool op, PlainArray[] inputs, PlainArray y, PlainArray[] gradients) {
        boolean isModulated = op.isModulated(); // read from the op's arguments at every call
        int groups = op.groups();
        PoolingWindow window = op.window();
        int[] shape = inputs[0].shape();
        int taps = window.kernel()[0] * window.kernel()[1];
        int places = y.shape()[2] * y.shape()[3];
        for (int i = 0; i < y.values().length; i++) {
            int[] at = y.index(i);
            int group = at[1] / (shape[1] / groups);
            int place = at[2] * y.shape()[3] + at[3];
            double divisor = op.countsPadding() ? taps : inside(window, at, shape);
            for (int tap = 0; tap < taps && divisor > 0; tap++) {
                int channel = group * taps + tap;
                int row = (at[0] * 2 * groups * taps + 2 * channel) * places + place;
                int factor = (at[0] * groups * taps + channel) * places + place;
                double mask = isModulated ? inputs[2].values()[factor] : 1;
                double py = start(window, 0, at, shape) + tap / window.kernel()[1] * window.dilation()[0]
                        + inputs[1].values()[row];
                double px = start(window, 1, at, shape) + tap % window.kernel()[1] * window.dilation()[1]
                        + inputs[1].values()[row + places];
                for (int h = 0; h < shape[2]; h++) {
                    if (hat(py - h) == 0 && slope(py - h) == 0) {
                        continue; // too far away
                    }
                    for (int w = 0; w < shape[3]; w++) {
                        double weight = hat(py - h) * hat(px - w);
                        int element = ((at[0] * shape[1] + at[1]) * shape[2] + h) * shape[3] + w;
                        double x = inputs[0].values()[element];
                        if (gradients == null) {
                            y.values()[i] += mask * weight * x / divisor;
                            continue;
                        }
                        double gradient = y.values()[i] / divisor;
                        gradients[0].values()[element] += gradient * mask * weight;
                        gradients[1].values()[row] += gradient * mask * x * slope(py - h) * hat(px - w);
                        gradients[1].values()[row + places] += gradient * mask * x * hat(py - h) * slope(px - w);
                        if (isModulated) {
                            gradients[2].values()[factor] += gradient * weight * x;
                        }
                    }
                }
            }
        }
    }

    private static int start(PoolingWindow window, int axis, int[] at, int[] shape) {
        return WindowOracle.start(window, axis, at[axis + 2], shape[axis + 2]);
    }

    private static int inside(PoolingWindow window, int[] at, int[] shape) {
        int count = 1;
        for (int axis = 0; axis < 2; axis++) {
            int along = 0;
            for (int tap = 0; tap < window.kernel()[axis]; tap++) {
                int place = start(window, axis, at, shape) + tap * window.dilation()[axis];
                along += place >= 0 && place < shape[axis + 2] ? 1 : 0;
            }
            count *= along;
        }
        return count;
    }

    private static double hat(double distance) {
        return Double.isNaN(distance) ? 0 : Math.max(0, 1 - Math.abs(distance));
    }

    /** To the right at a kink. */
    private static double slope(double distance) {
        return distance >= -1 && distance < 0 ? 1 : distance >= 0 && distance < 1 ? -1 : 0;
    }
}
