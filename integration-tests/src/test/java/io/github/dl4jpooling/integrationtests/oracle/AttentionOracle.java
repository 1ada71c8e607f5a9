// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.AttentionOp;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/** Attention pooling example by example; subclasses say what becomes of one. */
abstract class AttentionOracle extends OperatorOracle {

    /** One map of one example, with the positions that count. */
    static final class Example {
        private final PlainArray map;
        private final int number;
        private final int channels;
        private final int positions; // of the map
        private final int[] counted;

        private Example(PlainArray map, PlainArray mask, int number) {
            this.map = map;
            this.number = number;
            channels = map.shape()[1];
            positions = Arrays.stream(map.shape()).skip(2).reduce(1, (a, b) -> a * b);
            counted = IntStream.range(0, positions)
                    .filter(i -> mask == null || mask.values()[number * positions + i] != 0)
                    .toArray();
        }

        int channels() {
            return channels;
        }

        int positions() {
            return counted.length;
        }

        double x(int channel, int position) {
            return map.values()[(number * channels + channel) * positions + counted[position]];
        }

        /** A matrix times the channels of each position, plus a bias, which may be null. */
        double[][] times(PlainArray matrix, PlainArray bias) {
            double[][] result = new double[matrix.shape()[0]][counted.length];
            for (int row = 0; row < result.length; row++) {
                for (int i = 0; i < counted.length; i++) {
                    double sum = bias == null ? 0 : bias.values()[row];
                    for (int c = 0; c < channels; c++) {
                        sum += matrix.values()[row * channels + c] * x(c, i);
                    }
                    result[row][i] = sum;
                }
            }
            return result;
        }
    }

    /** The result of one example. */
    abstract double[] pool(AttentionOp op, Map<String, PlainArray> parameters, Example... maps);

    /** Softmax of scores of positions. */
    static double[] softmax(double[] scores) {
        double most = Arrays.stream(scores).max().orElse(0);
        double[] weights = new double[scores.length];
        double sum = 0;
        for (int i = 0; i < scores.length; i++) {
            weights[i] = Math.exp(scores[i] - most);
            sum += weights[i];
        }
        for (int i = 0; i < scores.length; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    /** Sum of products of rows begin to end, where they stand above each other: a column of a times one of b. */
    static double product(double[][] a, int columnOfA, double[][] b, int columnOfB, int begin, int end) {
        double sum = 0;
        for (int row = begin; row < end; row++) {
            sum += a[row][columnOfA] * b[row][columnOfB];
        }
        return sum;
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    static double sigmoid(double s) {
        return 1 / (1 + Math.exp(-s));
    }

    /** Inputs for an op: maps with the given spatial sizes, parameters, masks. */
    static OracleCase inputs(Random random, AttentionOp op, int[]... spatialSizes) {
        int examples = 1 + random.nextInt(2);
        List<PlainArray> inputs = new ArrayList<>();
        long[] channels = new long[spatialSizes.length];
        for (int map = 0; map < spatialSizes.length; map++) {
            channels[map] = 1 + random.nextInt(5);
            int[] shape = join(new int[] {examples, (int) channels[map]}, spatialSizes[map]);
            inputs.add(PlainArray.gaussian(random, 1, shape));
        }
        for (long[] shape : op.parameterShapes(channels).values()) {
            int[] sizes = Arrays.stream(shape).mapToInt(Math::toIntExact).toArray();
            inputs.add(PlainArray.gaussian(random, 1 / Math.sqrt(sizes[sizes.length - 1]), sizes));
        }
        for (int map = 0; map < spatialSizes.length; map++) {
            if (op.inputNames().contains(map == 0 ? "mask" : "otherMask")) {
                PlainArray mask = PlainArray.zeros(join(new int[] {examples}, spatialSizes[map]));
                double share = random.nextDouble();
                Arrays.setAll(mask.values(), i -> random.nextDouble() < share ? 1 : 0);
                inputs.add(mask);
            }
        }
        return new OracleCase(op, inputs.toArray(new PlainArray[0]));
    }

    private static int[] join(int[] a, int[] b) {
        return IntStream.concat(Arrays.stream(a), Arrays.stream(b)).toArray();
    }

    static int[] sizes(Random random, int dimensions) {
        int most = dimensions == 1 ? 9 : 5 - dimensions;
        return IntStream.range(0, dimensions).map(i -> 1 + random.nextInt(most)).toArray();
    }

    @Override
    public final PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        AttentionOp attention = (AttentionOp) op;
        List<String> names = op.inputNames();
        Map<String, PlainArray> byName = new HashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            byName.put(names.get(i), inputs[i]);
        }
        boolean isTwo = names.contains("other");
        int examples = inputs[0].shape()[0];
        long[] channels = isTwo
                ? new long[] {inputs[0].shape()[1], inputs[1].shape()[1]}
                : new long[] {inputs[0].shape()[1]};
        int size = (int) attention.outputSize(channels);
        PlainArray y = PlainArray.zeros(examples, size);
        for (int n = 0; n < examples; n++) {
            Example[] maps = new Example[channels.length];
            maps[0] = new Example(inputs[0], byName.get("mask"), n);
            if (isTwo) {
                maps[1] = new Example(inputs[1], byName.get("otherMask"), n);
            }
            if (Arrays.stream(maps).noneMatch(map -> map.positions() == 0)) {
                System.arraycopy(pool(attention, byName, maps), 0, y.values(), n * size, size);
            }
        }
        return new PlainArray[] {y};
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return name.equals("input") || name.equals("other");
    }
}
