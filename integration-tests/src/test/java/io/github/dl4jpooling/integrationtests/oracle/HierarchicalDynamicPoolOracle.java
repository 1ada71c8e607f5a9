// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.HierarchicalDynamicPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Hierarchical dynamic pooling example by example; its gradients are central differences. */
public final class HierarchicalDynamicPoolOracle extends CombinedOracle {

    @Override
    public boolean hasExactGradients() {
        return false;
    }

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = WindowDraws.ofFewTaps(random, 1 + random.nextInt(3));
        int[] shape = drawn.shape(1 + random.nextInt(2));
        while (Arrays.stream(shape).reduce(1, (a, b) -> a * b) > 60) { // differences take a while for each
            drawn = WindowDraws.ofFewTaps(random, 1 + random.nextInt(3));
            shape = drawn.shape(1 + random.nextInt(2));
        }
        PoolingWindow window = drawn.window();
        HierarchicalDynamicPool.Builder builder = HierarchicalDynamicPool.builder();
        builder.hiddenUnits(random.nextInt(3));
        List<PoolingOp> first = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            first.add(drawn(i == 0 ? window : similar(window, random), false, random));
        }
        builder.stage(random.nextBoolean(), first);
        if (random.nextBoolean()) {
            PoolingOp one = fitting(window.dimensions(), window.channelsLast(), random);
            builder.stage(random.nextBoolean(), random.nextBoolean() ? List.of(one) : List.of(one, one));
        }
        HierarchicalDynamicPool op = builder.build();
        List<PlainArray> inputs = new ArrayList<>();
        inputs.add(PlainArray.gaussian(random, 1, shape));
        long[] ordered = Arrays.stream(PlainArray.axes(shape.length, window.channelsLast()))
                .mapToLong(axis -> inputs.get(0).shape()[axis]).toArray();
        op.parameterShapes(ordered).values().forEach(sizes -> inputs.add(PlainArray.gaussian(
                random, 0.7, Arrays.stream(sizes).mapToInt(Math::toIntExact).toArray())));
        return new OracleCase(op, inputs.toArray(new PlainArray[0]));
    }

    private static PlainArray example(PlainArray x, int number) {
        int[] shape = x.shape();
        int length = x.values().length / shape[0];
        shape[0] = 1;
        return new PlainArray(shape, Arrays.copyOfRange(x.values(), number * length, (number + 1) * length));
    }

    /** Means of the channels of one example. */
    private static void addMeans(PlainArray map, List<Double> descriptor) {
        int channels = map.shape()[1];
        int places = map.values().length / channels;
        for (int c = 0; c < channels; c++) {
            descriptor.add(Arrays.stream(map.values(), c * places, (c + 1) * places).sum() / places);
        }
    }

    /** Means of the absolute differences along the first spatial axis of one example. */
    private static void addDifferences(PlainArray x, List<Double> descriptor) {
        int[] shape = x.shape();
        int frame = x.values().length / shape[1] / shape[2];
        for (int c = 0; c < shape[1]; c++) {
            double sum = 0;
            for (int i = c * shape[2] * frame; i < ((c + 1) * shape[2] - 1) * frame; i++) {
                sum += Math.abs(x.values()[i + frame] - x.values()[i]);
            }
            descriptor.add(shape[2] == 1 ? 0 : sum / ((shape[2] - 1) * frame));
        }
    }

    private static double[] linear(PlainArray weights, PlainArray bias, double... d) {
        double[] result = bias.values().clone();
        for (int row = 0; row < result.length; row++) {
            for (int i = 0; i < d.length; i++) {
                result[row] += weights.values()[row * d.length + i] * d[i];
            }
        }
        return result;
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        int examples = inputs[0].shape()[0];
        List<PlainArray> results = new ArrayList<>();
        List<Double> gates = new ArrayList<>();
        for (int n = 0; n < examples; n++) {
            results.add(pool((HierarchicalDynamicPool) op, example(inputs[0], n), inputs, gates));
        }
        int[] shape = results.get(0).shape();
        shape[0] = examples;
        double[] y = results.stream().flatMapToDouble(result -> Arrays.stream(result.values())).toArray();
        return new PlainArray[] {
            new PlainArray(shape, y),
            new PlainArray(new int[] {examples, gates.size() / examples},
                    gates.stream().mapToDouble(gate -> gate).toArray())};
    }

    private static PlainArray pool(HierarchicalDynamicPool op, PlainArray x, PlainArray[] inputs, List<Double> gates) {
        PlainArray map = x;
        int input = 1;
        int candidate = 0;
        long[] options = op.iArgs();
        int first = 3; // behind the number of options, the hidden units and the number of stages
        for (int stage = 0; stage < options[2]; stage++) {
            int count = (int) options[first + 2 * stage];
            List<PlainArray> pooled = new ArrayList<>();
            List<Double> descriptor = new ArrayList<>();
            for (PoolingOp one : op.parts().subList(candidate, candidate + count)) {
                pooled.add(pool(one, map));
                addMeans(pooled.get(pooled.size() - 1), descriptor);
            }
            if (options[first + 2 * stage + 1] == 1) {
                addDifferences(map, descriptor);
            }
            double[] d = descriptor.stream().mapToDouble(mean -> mean).toArray();
            if (op.hiddenUnits() > 0) {
                d = Arrays.stream(linear(inputs[input++], inputs[input++], d)).map(Math::tanh).toArray();
            }
            double[] gate = AttentionOracle.softmax(linear(inputs[input++], inputs[input++], d));
            map = PlainArray.zeros(pooled.get(0).shape());
            for (int m = 0; m < count; m++) {
                gates.add(gate[m]);
                for (int i = 0; i < map.values().length; i++) {
                    map.values()[i] += gate[m] * pooled.get(m).values()[i];
                }
            }
            candidate += count;
        }
        return map;
    }
}
