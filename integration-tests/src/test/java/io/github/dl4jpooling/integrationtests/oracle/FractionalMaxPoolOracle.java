// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.FractionalMaxPool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Fractional maximum pooling with given draws. */
public final class FractionalMaxPoolOracle extends CellOracle {

    @Override
    public OracleCase draw(Random random) {
        int dimensions = 2 + random.nextInt(2);
        int[] kernel = sizes(random, dimensions, 3);
        int[] output = sizes(random, dimensions, 8 - 2 * dimensions + 2);
        int[] n = new int[dimensions];
        Arrays.setAll(n, a -> output[a] + kernel[a] - 1 + random.nextInt(random.nextBoolean() ? 1 : 2 * output[a]));
        PlainArray x = map(random, n);
        PlainArray u = PlainArray.zeros(x.shape()[0], x.shape()[1], dimensions);
        Arrays.setAll(u.values(), i -> random.nextInt(10) == 0 ? 0 : random.nextDouble());
        return new OracleCase(op(kernel, output, random.nextBoolean()), x, u);
    }

    private static FractionalMaxPool op(int[] kernel, int[] output, boolean channelsLast) {
        return FractionalMaxPool.builder(kernel)
                .outputSize(output)
                .channelsLast(channelsLast)
                .drawsGiven(true)
                .build();
    }

    private static int[] range(int n, long kernel, int o, int i, double u) {
        double alpha = (double) (n - kernel) / (o - 1);
        int begin = i < o - 1 ? (int) ((i + u) * alpha) - (int) (u * alpha) : n - (int) kernel;
        return new int[] {begin, begin + (int) kernel};
    }

    @Override
    protected Cells cells(PoolingOp op, PlainArray... inputs) {
        FractionalMaxPool pool = (FractionalMaxPool) op;
        int[] n = inputs[0].shape();
        int dimensions = n.length - 2;
        int[] shape = n.clone();
        for (int a = 0; a < dimensions; a++) {
            shape[a + 2] = (int) pool.outputSize()[a];
        }
        Cells cells = new Cells(true, shape);
        PlainArray y = PlainArray.zeros(shape);
        for (int i = 0; i < y.values().length; i++) {
            int[] at = y.index(i);
            int plane = at[0] * n[1] + at[1];
            int[][] ranges = new int[dimensions][];
            for (int a = 0; a < dimensions; a++) {
                double u = inputs[1].values()[plane * dimensions + (dimensions == 2 ? 1 - a : a)];
                ranges[a] = range(n[a + 2], pool.kernel()[a], shape[a + 2], at[a + 2], u);
            }
            cells.add(1, places(n, plane, ranges));
        }
        return cells;
    }

    @Override
    public List<String> goldenNames() {
        return Collections.singletonList("fractional_max_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return op(golden.ints("kernel"), golden.ints("outputSize"), channelsLast);
    }
}
