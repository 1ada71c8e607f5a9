// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** A region operator in plain loops: a subclass gives the value of one cell. */
public abstract class RegionOracle extends OperatorOracle {

    /** With 0.3, samples of whole boxes could stand on the border of a map, and rounding decided on which side. */
    private static final List<Double> SCALES = Arrays.asList(1.0, 0.5, 0.25, 0.2987);

    /** An op with options drawn at random. */
    protected abstract RegionOp op(RegionGrid grid, Random random);

    /** One cell. */
    protected abstract Combination cell(Region region);

    /** One cell of one region and channel. */
    protected static final class Region {
        final RegionOp op;
        final PlainArray[] inputs;
        final double[] box; // image first
        final int number;
        final int channel;
        final int row;
        final int column;

        private final boolean weighted;
        private final RegionGrid grid; // which the op reads from its arguments each time

        private Region(RegionOp op, PlainArray[] inputs, int[] output, boolean weighted) {
            this.op = op;
            this.inputs = inputs;
            this.weighted = weighted;
            grid = op.grid();
            number = output[0];
            channel = output[1];
            row = output[2];
            column = output[3];
            PlainArray boxes = inputs[inputs.length - 1];
            int words = boxes.shape()[1];
            box = Arrays.copyOfRange(boxes.values(), number * words, (number + 1) * words);
        }

        int rows() {
            return grid.rows();
        }

        int columns() {
            return grid.columns();
        }

        double scale() {
            return grid.spatialScale();
        }

        int height() {
            return inputs[0].shape()[2];
        }

        int width() {
            return inputs[0].shape()[3];
        }

        /** Channel of the map that the cell reads from, with G by H groups. */
        int groupChannel(int groupRows, int groupColumns) {
            int i = (int) Math.floor((double) row * groupRows / rows());
            int j = (int) Math.floor((double) column * groupColumns / columns());
            return (channel * groupRows + i) * groupColumns + j;
        }

        Combination zero() {
            return Combination.zero(weighted);
        }

        double element(int map, int mapChannel, int y, int x) {
            return inputs[map].values()[position(inputs[map], (int) box[0], mapChannel, y, x)];
        }

        /** Adds an element of the map. */
        void add(Combination sum, double weight, int map, int mapChannel, int y, int x) {
            int position = position(inputs[map], (int) box[0], mapChannel, y, x);
            sum.add(weight, position, inputs[map].values()[position]);
        }

        /** A number of another input of four axes, 0 or 1 where the op does not have it. */
        double further(String name, double otherwise, int mapChannel, int y, int x) {
            int place = op.inputNames().indexOf(name);
            return place < 0
                    ? otherwise
                    : inputs[place].values()[position(inputs[place], number, mapChannel, y, x)];
        }

        /** Interpolated between four elements; up to one element outside the edge is repeated, then it is 0. */
        Combination sample(int map, int mapChannel, double y, double x) {
            int[] shape = inputs[map].shape();
            if (y < -1 || y > shape[2] || x < -1 || x > shape[3]) {
                return zero();
            }
            return interpolated(map, mapChannel, Math.max(0, Math.min(y, shape[2] - 1)),
                    Math.max(0, Math.min(x, shape[3] - 1)));
        }

        /** For a position on the map. */
        Combination interpolated(int map, int mapChannel, double y, double x) {
            Combination sum = zero();
            for (int i = (int) Math.floor(y); i <= (int) Math.ceil(y); i++) {
                for (int j = (int) Math.floor(x); j <= (int) Math.ceil(x); j++) {
                    add(sum, (1 - Math.abs(y - i)) * (1 - Math.abs(x - j)), map, mapChannel, i, j);
                }
            }
            return sum;
        }

        /** Sum of samples, divided. */
        Combination mean(List<Combination> samples, int divisor) {
            Combination sum = zero();
            samples.forEach(sum::add);
            return sum.times(1.0 / Math.max(1, divisor));
        }
    }

    private static int position(PlainArray array, int a, int b, int c, int d) {
        int[] shape = array.shape();
        return ((a * shape[1] + b) * shape[2] + c) * shape[3] + d;
    }

    /** Which map a region is pooled from. */
    protected int map(RegionOp op, double[] box) {
        return 0;
    }

    @Override
    public final PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        RegionOp regionOp = (RegionOp) op;
        int boxes = inputs[inputs.length - 1].shape()[0];
        int channels = (int) regionOp.outputChannels(inputs[0].shape()[1]);
        PlainArray[] outputs = new PlainArray[op.outputNames().size()];
        Arrays.setAll(outputs, i -> PlainArray
                .zeros(boxes, channels, regionOp.grid().rows(), regionOp.grid().columns()));
        for (int i = 0; i < outputs[0].values().length; i++) {
            Combination cell = cell(new Region(regionOp, inputs, outputs[0].index(i), false));
            for (int output = 0; output < outputs.length; output++) {
                outputs[output].values()[i] = cell.output(output);
            }
        }
        return outputs;
    }

    /** Maps: the weights of the elements. Others: central differences, each of the region it belongs to. */
    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray[] gradients = new PlainArray[op.differentiableInputs()];
        Arrays.setAll(gradients, i -> PlainArray.zeros(inputs[i].shape()));
        for (int i = 0; i < yGradient.values().length; i++) {
            Region region = new Region((RegionOp) op, inputs, yGradient.index(i), true);
            cell(region).addWeights(yGradient.values()[i], gradients[map(region.op, region.box)].values());
        }
        for (int input = 0; input < gradients.length; input++) {
            String name = op.inputNames().get(input);
            if (!name.startsWith("input") && !name.equals("boxes")) {
                int ofRegion = inputs[input].values().length / inputs[input].shape()[0];
                double here = 0;
                for (int i = 0; i < inputs[input].values().length; i++) {
                    int region = i / ofRegion;
                    here = i % ofRegion == 0 ? loss((RegionOp) op, yGradient, inputs, region) : here;
                    gradients[input].values()[i] = derivative(
                            inputs[input].values(), i, here, () -> loss((RegionOp) op, yGradient, inputs, region));
                }
            }
        }
        return gradients;
    }

    /** A cell of an output. */
    protected static Region region(PoolingOp op, int[] output, PlainArray... inputs) {
        return new Region((RegionOp) op, inputs, output, false);
    }

    private double loss(RegionOp op, PlainArray yGradient, PlainArray[] inputs, int region) {
        int ofRegion = yGradient.values().length / yGradient.shape()[0];
        double sum = 0;
        for (int i = region * ofRegion; i < (region + 1) * ofRegion; i++) {
            sum += yGradient.values()[i] * cell(new Region(op, inputs, yGradient.index(i), false)).value();
        }
        return sum;
    }

    /** Channels of the map for some channels of the output. */
    protected int inputChannels(RegionOp op, int outputChannels) {
        for (int channels = outputChannels;; channels++) {
            try {
                if (op.outputChannels(channels) == outputChannels) {
                    return channels;
                }
            } catch (IllegalArgumentException e) {
                // not a multiple of the groups
            }
        }
    }

    @Override
    public OracleCase draw(Random random) {
        RegionGrid grid = RegionGrid.builder(1 + random.nextInt(4), 1 + random.nextInt(4))
                .spatialScale(scale(random))
                .channelsLast(random.nextBoolean())
                .build();
        RegionOp op = op(grid, random);
        int batch = 1 + random.nextInt(3);
        int height = 1 + random.nextInt(11);
        int width = 1 + random.nextInt(11);
        return draw(op, random, batch, 1 + random.nextInt(random.nextInt(4) == 0 ? 20 : 3), height, width);
    }

    /** A case with a map wide enough and channels enough for several vectors. */
    public OracleCase drawWide(Random random, boolean channelsLast) {
        RegionGrid grid = RegionGrid.builder(2, 3).spatialScale(0.5).channelsLast(channelsLast).build();
        return draw(op(grid, random), random, 2, 70, 7, 37);
    }

    private OracleCase draw(RegionOp op, Random random, int batch, int outputChannels, int height, int width) {
        int channels = inputChannels(op, outputChannels);
        PlainArray boxes = boxes(op, random, batch, height, width);
        PlainArray map = PlainArray.gaussian(random, 1, batch, channels, height, width);
        return new OracleCase(op, inputs(op, random, map, boxes));
    }

    /** Size of the map divided by that of the image. */
    protected double scale(Random random) {
        return WindowDraws.pick(random, SCALES);
    }

    /** Inputs of the op, given the first and the last. */
    protected PlainArray[] inputs(RegionOp op, Random random, PlainArray map, PlainArray boxes) {
        return new PlainArray[] {map, boxes};
    }

    /** Boxes inside, across the border, outside, inverted, tiny, huge and equal ones. */
    private PlainArray boxes(RegionOp op, Random random, int batch, int height, int width) {
        int count = 1 + random.nextInt(6);
        int words = op.boxNumbers() + 1;
        PlainArray boxes = PlainArray.zeros(count, words);
        for (int k = 0; k < count; k++) {
            double[] numbers = random.nextInt(8) == 0 && k > 0
                    ? Arrays.copyOfRange(boxes.values(), (k - 1) * words + 1, k * words)
                    : box(random, height, width, op.grid().spatialScale());
            boxes.values()[k * words] = random.nextInt(batch);
            System.arraycopy(numbers, 0, boxes.values(), k * words + 1, words - 1);
        }
        return boxes;
    }

    /** Numbers of a box of a map of this size. */
    protected double[] box(Random random, int height, int width, double scale) {
        double[] x = interval(random, width);
        double[] y = interval(random, height);
        return Arrays.stream(new double[] {x[0], y[0], x[1], y[1]}).map(v -> v / scale).toArray();
    }

    private static double[] interval(Random random, int size) {
        double start = random.nextDouble() * size;
        switch (random.nextInt(9)) {
            case 0:
                return new double[] {start, start + 0.01 * random.nextDouble()};
            case 1:
                return new double[] {start, start - random.nextDouble() * size / 2};
            case 2:
                return new double[] {-3 * random.nextDouble(), size + 2 * random.nextDouble()};
            case 3:
                return new double[] {size + 1.5 + start, size + 3 + 2 * start};
            case 4:
                return new double[] {-start, start / 2};
            case 5:
                return new double[] {start - 4 * size, start + (4 + random.nextDouble()) * size};
            case 6:
                return new double[] {0, size};
            default:
                return new double[] {start, start + random.nextDouble() * (size - start)};
        }
    }

    @Override
    public String goldenName(String name) {
        return name.equals("boxes") ? "rois" : super.goldenName(name);
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return !name.equals("boxes");
    }

    /** The grid of a golden case. */
    protected static RegionGrid grid(GoldenCase golden, boolean channelsLast) {
        int[] size = golden.ints("outputSize");
        return RegionGrid.builder(size[0], size[1])
                .spatialScale(golden.attribute("spatialScale").asDouble())
                .channelsLast(channelsLast)
                .build();
    }
}
