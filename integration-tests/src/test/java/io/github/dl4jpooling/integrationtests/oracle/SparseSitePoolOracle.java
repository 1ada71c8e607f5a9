// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SparsePool;
import io.github.dl4jpooling.ops.SparseSitePool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Goes through all windows of all maps, and through the whole list for each of their places. */
public final class SparseSitePoolOracle extends OperatorOracle {

    private static final int EXAMPLES = 3;

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = new WindowDraws(random, 1 + random.nextInt(3));
        int[] size = Arrays.copyOfRange(drawn.shape(), 2, drawn.shape().length);
        SparsePool.Type type = WindowDraws.pick(random, Arrays.asList(SparsePool.Type.values()));
        SparseSitePool op = new SparseSitePool(drawn.window(), type, size);
        int places = Arrays.stream(size).reduce(1, (a, b) -> a * b);
        double share = random.nextDouble() * random.nextDouble();
        List<Integer> numbers = new ArrayList<>();
        IntStream.range(0, EXAMPLES * places).filter(i -> random.nextDouble() < share).forEach(numbers::add);
        if (numbers.isEmpty()) {
            numbers.add(random.nextInt(EXAMPLES * places));
        }
        Collections.shuffle(numbers, random);
        PlainArray sites = PlainArray.zeros(numbers.size(), size.length + 1);
        for (int row = 0; row < numbers.size(); row++) {
            int rest = numbers.get(row);
            for (int axis = size.length; axis > 0; axis--) {
                sites.values()[row * (size.length + 1) + axis] = rest % size[axis - 1];
                rest /= size[axis - 1];
            }
            sites.values()[row * (size.length + 1)] = rest;
        }
        PlainArray input = PlainArray.gaussian(random, 1, numbers.size(), 1 + random.nextInt(20));
        // ND4J's own ops fail on results without rows.
        return windows(op, sites).isEmpty() ? draw(random) : new OracleCase(op, input, sites);
    }

    /** A window that holds sites: where it lies, and the rows of these, row-major. */
    private static final class Window {
        private final int[] place;
        private final int[] rows;

        private Window(int[] place, int[] rows) {
            this.place = place;
            this.rows = rows;
        }
    }

    private static List<Window> windows(SparseSitePool op, PlainArray sites) {
        PoolingWindow poolingWindow = op.window(); // not in the loops: the op reads it and the size from its arguments
        long[] size = op.mapSize();
        int[] shape = new int[size.length + 2];
        Arrays.fill(shape, 1);
        for (int axis = 2; axis < shape.length; axis++) {
            shape[axis] = (int) size[axis - 2];
        }
        int[] output = WindowOracle.outputShape(poolingWindow, shape);
        int count = Arrays.stream(output).reduce(1, (a, b) -> a * b);
        List<Window> windows = new ArrayList<>();
        for (int example = 0; example < EXAMPLES; example++) {
            for (int window = 0; window < count; window++) {
                int number = example;
                int[] rows = Arrays.stream(WindowOracle.places(poolingWindow, shape, window))
                        .flatMap(place -> IntStream.range(0, sites.shape()[0])
                                .filter(row -> isAt(sites, row, number, place, size)))
                        .toArray();
                if (rows.length > 0) {
                    int[] place = PlainArray.zeros(output).index(window);
                    place[1] = example;
                    windows.add(new Window(Arrays.copyOfRange(place, 1, place.length), rows));
                }
            }
        }
        return windows;
    }

    private static boolean isAt(PlainArray sites, int row, int example, int place, long... size) {
        int first = row * (size.length + 1);
        double at = 0;
        for (int axis = 0; axis < size.length && sites.values()[first] == example; axis++) {
            at = at * size[axis] + sites.values()[first + 1 + axis];
        }
        return sites.values()[first] == example && at == place;
    }

    private static int chosen(PlainArray input, Window window, int channel) {
        int channels = input.shape()[1];
        int best = window.rows[0];
        for (int row : window.rows) {
            best = input.values()[row * channels + channel] > input.values()[best * channels + channel] ? row : best;
        }
        return best;
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        List<Window> windows = windows((SparseSitePool) op, inputs[1]);
        int channels = inputs[0].shape()[1];
        PlainArray y = PlainArray.zeros(windows.size(), channels);
        PlainArray active = PlainArray.zeros(windows.size(), inputs[1].shape()[1]);
        PlainArray index = PlainArray.zeros(windows.size(), channels);
        boolean max = ((SparseSitePool) op).type() == SparsePool.Type.MAX;
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            for (int axis = 0; axis < window.place.length; axis++) {
                active.values()[i * window.place.length + axis] = window.place[axis];
            }
            for (int channel = 0; channel < channels; channel++) {
                int c = channel;
                int row = chosen(inputs[0], window, channel);
                index.values()[i * channels + channel] = row;
                y.values()[i * channels + channel] = max
                        ? inputs[0].values()[row * channels + channel]
                        : Arrays.stream(window.rows).mapToDouble(r -> inputs[0].values()[r * channels + c]).average()
                                .orElseThrow();
            }
        }
        return max ? new PlainArray[] {y, active, index} : new PlainArray[] {y, active};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        List<Window> windows = windows((SparseSitePool) op, inputs[1]);
        int channels = inputs[0].shape()[1];
        PlainArray result = PlainArray.zeros(inputs[0].shape());
        boolean max = ((SparseSitePool) op).type() == SparsePool.Type.MAX;
        for (int i = 0; i < windows.size(); i++) {
            for (int channel = 0; channel < channels; channel++) {
                double gradient = yGradient.values()[i * channels + channel];
                int[] rows = windows.get(i).rows;
                for (int row : max ? new int[] {chosen(inputs[0], windows.get(i), channel)} : rows) {
                    result.values()[row * channels + channel] += max ? gradient : gradient / rows.length;
                }
            }
        }
        return new PlainArray[] {result};
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return false;
    }
}
