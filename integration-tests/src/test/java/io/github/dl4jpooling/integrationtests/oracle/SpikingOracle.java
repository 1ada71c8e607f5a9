// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SpikingOp;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Pooling of spike trains as plain loops over whole trains. At each step a window lets through one of its units, or
 * none; the gradient takes the same way back.
 */
public abstract class SpikingOracle extends OperatorOracle {

    /** The operator with a window and options drawn at random; null: its defaults. */
    protected abstract SpikingOp op(PoolingWindow window, boolean timeFirst, Random random);

    /**
     * Which unit passes at each step.
     *
     * @param op the operator
     * @param trains elements of each unit, step by step; one unit at least
     * @return for each step the number of a unit, or -1
     */
    protected abstract int[] passing(SpikingOp op, double[]... trains);

    /** What is done with the units of a window: their places in the map, and which of them passes at each step. */
    protected interface Visit {
        void window(int plane, int window, int[] places, int[] passing);
    }

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = new WindowDraws(random, 1 + random.nextInt(2));
        int[] shape = drawn.shape();
        int[] map = new int[shape.length + 1];
        System.arraycopy(shape, 0, map, 0, 2);
        map[2] = 1 + random.nextInt(9);
        System.arraycopy(shape, 2, map, 3, shape.length - 2);
        SpikingOp op = op(drawn.window(), random.nextBoolean(), random);
        PlainArray x = PlainArray.zeros(map);
        double share = random.nextDouble();
        boolean graded = random.nextBoolean();
        Arrays.setAll(x.values(), i -> random.nextDouble() > share ? 0 : graded ? random.nextGaussian() : 1);
        return new OracleCase(op, fromMap(op, x));
    }

    /** For each axis of an array with the input's axes, which one it is of (batch, channels, time, spatial ones). */
    private static int[] order(PoolingOp op, int rank) {
        int[] order = new int[rank];
        Arrays.setAll(order, i -> i);
        if (((SpikingOp) op).isTimeFirst()) {
            order[0] = 2;
            order[1] = 0;
            for (int i = 2; i < rank; i++) {
                order[i] = op.channelsLast() ? (i == rank - 1 ? 1 : i + 1) : i == 2 ? 1 : i;
            }
        }
        return order;
    }

    private static PlainArray transposed(PlainArray array, int[] order, boolean toMap) {
        int[] shape = array.shape();
        int[] target = new int[shape.length];
        for (int i = 0; i < shape.length; i++) {
            target[toMap ? order[i] : i] = shape[toMap ? i : order[i]];
        }
        PlainArray result = PlainArray.zeros(target);
        for (int i = 0; i < array.values().length; i++) {
            int[] index = array.index(i);
            int position = 0;
            for (int axis = 0; axis < target.length; axis++) {
                int wanted = axis;
                int from = toMap
                        ? IntStream.range(0, order.length).filter(a -> order[a] == wanted).findFirst().orElseThrow()
                        : order[axis];
                position = position * target[axis] + index[from];
            }
            result.values()[position] = array.values()[i];
        }
        return result;
    }

    /** An array of the op with its axes as (batch, channels, time, spatial ones). */
    protected static PlainArray toMap(PoolingOp op, PlainArray array) {
        return transposed(array, order(op, array.shape().length), true);
    }

    /** The other way round. */
    protected static PlainArray fromMap(PoolingOp op, PlainArray map) {
        return transposed(map, order(op, map.shape().length), false);
    }

    /** Shape of (batch, channels, spatial ones) of the output. */
    protected static int[] windows(PoolingOp op, PlainArray map) {
        return WindowOracle.outputShape(((SpikingOp) op).window(), withoutTime(map));
    }

    private static int[] withoutTime(PlainArray map) {
        int[] shape = map.shape();
        return IntStream.range(0, shape.length).filter(axis -> axis != 2).map(axis -> shape[axis]).toArray();
    }

    /** Shape of (batch, channels, time, spatial ones) of the output. */
    protected static int[] steps(PoolingOp op, PlainArray map) {
        int[] windows = windows(op, map);
        int[] result = new int[windows.length + 1];
        System.arraycopy(windows, 0, result, 0, 2);
        result[2] = map.shape()[2];
        System.arraycopy(windows, 2, result, 3, windows.length - 2);
        return result;
    }

    /** Goes through all windows that have units. */
    protected final void forEachWindow(SpikingOp op, PlainArray map, Visit visit) {
        int[] shape = map.shape();
        int steps = shape[2];
        int units = Arrays.stream(shape).skip(3).reduce(1, (a, b) -> a * b);
        int[] still = withoutTime(map);
        int count = Arrays.stream(windows(op, map)).skip(2).reduce(1, (a, b) -> a * b);
        for (int plane = 0; plane < shape[0] * shape[1]; plane++) {
            for (int window = 0; window < count; window++) {
                int[] places = WindowOracle.places(op.window(), still, window);
                double[][] trains = new double[places.length][steps];
                for (int u = 0; u < places.length; u++) {
                    for (int t = 0; t < steps; t++) {
                        trains[u][t] = map.values()[(plane * steps + t) * units + places[u]];
                    }
                }
                if (places.length > 0) {
                    visit.window(plane, window, places, passing(op, trains));
                }
            }
        }
    }

    /** What passes of all windows. */
    protected final PlainArray pooled(SpikingOp op, PlainArray map) {
        PlainArray y = PlainArray.zeros(steps(op, map));
        int steps = map.shape()[2];
        int units = map.values().length / (map.shape()[0] * map.shape()[1] * steps);
        int windows = y.values().length / (map.shape()[0] * map.shape()[1] * steps);
        forEachWindow(op, map, (plane, window, places, passing) -> {
            for (int t = 0; t < steps; t++) {
                if (passing[t] >= 0) {
                    int step = plane * steps + t;
                    y.values()[step * windows + window] = map.values()[step * units + places[passing[t]]];
                }
            }
        });
        return y;
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray map = toMap(op, inputs[0]);
        double[] gradients = toMap(op, yGradient).values();
        PlainArray result = PlainArray.zeros(map.shape());
        int steps = map.shape()[2];
        int planes = map.shape()[0] * map.shape()[1];
        int units = map.values().length / (planes * steps);
        int windows = gradients.length / (planes * steps);
        forEachWindow((SpikingOp) op, map, (plane, window, places, passing) -> {
            for (int t = 0; t < steps; t++) {
                if (passing[t] >= 0) {
                    int step = plane * steps + t;
                    result.values()[step * units + places[passing[t]]] += gradients[step * windows + window];
                }
            }
        });
        return new PlainArray[] {fromMap(op, result)};
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    /** Arrays with time in front are given and returned as they are. */
    @Override
    public boolean isMap(PoolingOp op, String name) {
        return !((SpikingOp) op).isTimeFirst() && (super.isMap(op, name) || name.equals("index"));
    }

    @Override
    public SpikingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return op(golden.window(channelsLast), false, null);
    }

    @Override
    public String goldenName(String name) {
        return name.equals("input") ? "spikes" : super.goldenName(name);
    }

    @Override
    public PlainArray goldenInput(GoldenCase golden, String name) {
        return goldenArray(golden, goldenName(name));
    }

    /** Golden vectors have time in front, the op behind the channels. */
    @Override
    public PlainArray goldenArray(GoldenCase golden, String name) {
        PlainArray array = super.goldenArray(golden, name);
        return name.equals("spikes") || name.equals("y") ? transposed(array, new int[] {2, 0, 1, 3, 4}, true) : array;
    }
}
