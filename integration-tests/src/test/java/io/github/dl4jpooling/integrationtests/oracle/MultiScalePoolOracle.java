// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.MultiScalePool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Multi-scale pooling: every result resampled by means of cells, and all of them behind each other. */
public final class MultiScalePoolOracle extends CombinedOracle {

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = WindowDraws.ofFewTaps(random, 1 + random.nextInt(3));
        int dimensions = drawn.window().dimensions();
        List<PoolingOp> scales = new ArrayList<>();
        scales.add(drawn(drawn.window(), false, random));
        for (int i = random.nextInt(3); i > 0; i--) {
            scales.add(fitting(dimensions, drawn.window().channelsLast(), random));
        }
        int[] size = random.nextBoolean() ? new int[0] : random.ints(dimensions, 1, 6).toArray();
        return new OracleCase(
                new MultiScalePool(scales, size), PlainArray.gaussian(random, 2, drawn.shape()));
    }

    private static int[] size(PoolingOp op, PlainArray first) {
        int[] size = ((MultiScalePool) op).outputSize();
        return size.length > 0 ? size : Arrays.copyOfRange(first.shape(), 2, first.shape().length);
    }

    /** The share of each element of an axis of n in cell i of m. */
    private static double share(int n, int m, int i, int element) {
        int begin = (int) Math.floor((double) i * n / m);
        int end = (int) Math.ceil((double) (i + 1) * n / m);
        return element >= begin && element < end ? 1.0 / (end - begin) : 0;
    }

    /** Adds a resampled map behind some channels of y, or the gradient of the map from that of y. */
    private static void resample(PlainArray map, PlainArray y, int channel, boolean backward) {
        int channels = map.shape()[1];
        int places = map.values().length / (map.shape()[0] * channels);
        for (int i = 0; i < y.values().length; i++) {
            int[] out = y.index(i);
            int ofMap = out[1] - channel;
            int plane = (out[0] * channels + ofMap) * places;
            for (int j = plane; ofMap >= 0 && ofMap < channels && j < plane + places; j++) {
                int[] in = map.index(j);
                double share = 1;
                for (int a = 2; a < in.length && share != 0; a++) {
                    share *= share(map.shape()[a], y.shape()[a], out[a], in[a]);
                }
                if (share != 0 && backward) {
                    map.values()[j] += share * y.values()[i];
                } else if (share != 0) {
                    y.values()[i] += share * map.values()[j];
                }
            }
        }
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        PlainArray x = inputs[0];
        List<PlainArray> results = new ArrayList<>();
        parts(op).forEach(scale -> results.add(pool(scale, x)));
        int[] shape = x.shape();
        System.arraycopy(size(op, results.get(0)), 0, shape, 2, shape.length - 2);
        shape[1] = results.stream().mapToInt(result -> result.shape()[1]).sum();
        PlainArray y = PlainArray.zeros(shape);
        int channel = 0;
        for (PlainArray result : results) {
            resample(result, y, channel, false);
            channel += result.shape()[1];
        }
        return new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray gradient = PlainArray.zeros(inputs[0].shape());
        int channel = 0;
        for (PoolingOp scale : parts(op)) {
            PlainArray ofResult = PlainArray.zeros(pool(scale, inputs[0]).shape());
            resample(ofResult, yGradient, channel, true);
            add(gradient, gradient(scale, ofResult, inputs[0]));
            channel += ofResult.shape()[1];
        }
        return new PlainArray[] {gradient};
    }
}
