// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** An operator each of whose results is the mean or the largest of some elements. A subclass names the elements. */
public abstract class CellOracle extends OperatorOracle {

    /** The elements of every result, in order, and what a mean divides by. */
    protected static final class Cells {
        private final int[] shape;
        private final boolean maximum;
        private final List<int[]> elements = new ArrayList<>();
        private final List<Double> divisors = new ArrayList<>();

        /**
         * @param maximum whether the largest element is meant, instead of the mean
         * @param shape shape of the result
         */
        Cells(boolean maximum, int... shape) {
            this.maximum = maximum;
            this.shape = shape;
        }

        /** Adds the cell of the next result: places in the array of values. */
        void add(double divisor, int... places) {
            elements.add(places);
            divisors.add(divisor);
        }
    }

    /** The cells of an op for its inputs. */
    protected abstract Cells cells(PoolingOp op, PlainArray... inputs);

    /** Ranges of all spatial axes, put together: places of a plane's elements, row by row. */
    protected static int[] places(int[] inputShape, int plane, int[]... ranges) {
        int[] places = {plane};
        for (int axis = 0; axis < ranges.length; axis++) {
            int size = ranges[axis][1] - ranges[axis][0];
            int[] next = new int[places.length * size];
            for (int i = 0; i < next.length; i++) {
                next[i] = places[i / size] * inputShape[axis + 2] + ranges[axis][0] + i % size;
            }
            places = next;
        }
        return places;
    }

    /** The first largest of some elements; the first NaN if there is one. */
    protected static int chosen(double[] values, int... places) {
        int chosen = places[0];
        for (int place : places) {
            boolean nan = Double.isNaN(values[place]) && !Double.isNaN(values[chosen]);
            chosen = nan || values[place] > values[chosen] ? place : chosen;
        }
        return chosen;
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public final PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        Cells cells = cells(op, inputs);
        double[] x = inputs[0].values();
        int planeSize = Arrays.stream(inputs[0].shape()).skip(2).reduce(1, (a, b) -> a * b);
        PlainArray y = PlainArray.zeros(cells.shape);
        PlainArray index = PlainArray.zeros(cells.shape);
        for (int i = 0; i < y.values().length; i++) {
            int[] places = cells.elements.get(i);
            if (places.length == 0) {
                index.values()[i] = -1;
            } else if (cells.maximum) {
                y.values()[i] = x[chosen(x, places)];
                index.values()[i] = chosen(x, places) % planeSize;
            } else {
                for (int place : places) {
                    y.values()[i] += x[place] / cells.divisors.get(i);
                }
                index.values()[i] = -1;
            }
        }
        return op.outputNames().size() == 1 ? new PlainArray[] {y} : new PlainArray[] {y, index};
    }

    @Override
    public final PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        Cells cells = cells(op, inputs);
        double[] x = inputs[0].values();
        PlainArray gradient = PlainArray.zeros(inputs[0].shape());
        for (int i = 0; i < yGradient.values().length; i++) {
            double g = yGradient.values()[i];
            int[] places = cells.elements.get(i);
            if (cells.maximum && places.length > 0) {
                gradient.values()[chosen(x, places)] += g;
            } else {
                for (int place : places) {
                    gradient.values()[place] += g / cells.divisors.get(i);
                }
            }
        }
        return new PlainArray[] {gradient};
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return super.isMap(op, name) || name.equals("index");
    }

    /** A map of given spatial sizes: ordinary numbers, many equal ones, or some that are not finite. */
    protected static PlainArray map(Random random, int... sizes) {
        int[] shape = new int[sizes.length + 2];
        shape[0] = 1 + random.nextInt(3);
        shape[1] = 1 + random.nextInt(random.nextInt(3) == 0 ? 40 : 5);
        System.arraycopy(sizes, 0, shape, 2, sizes.length);
        PlainArray x = PlainArray.gaussian(random, 2, shape);
        int kind = random.nextInt(4);
        double[] special = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NEGATIVE_INFINITY};
        for (int i = 0; i < x.values().length; i++) {
            if (kind == 0) {
                x.values()[i] = Math.rint(x.values()[i]);
            } else if (kind == 1 && random.nextInt(3) == 0) {
                x.values()[i] = special[random.nextInt(special.length)];
            }
        }
        return x;
    }

    /** Numbers from 1 up to a limit, one an axis; now and then one is long. */
    protected static int[] sizes(Random random, int dimensions, int limit) {
        int[] sizes = new int[dimensions];
        Arrays.setAll(sizes, a -> 1 + random.nextInt(a == dimensions - 1 && random.nextInt(3) == 0 ? 70 : limit));
        return sizes;
    }
}
