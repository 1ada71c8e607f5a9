// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.SpatialPyramidPool;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Bins;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Type;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Spatial pyramid pooling: for each level, channel and bin one value, in this order. */
public final class SpatialPyramidPoolOracle extends CellOracle {

    @Override
    public OracleCase draw(Random random) {
        PlainArray x = map(random, sizes(random, 2, 15));
        Bins bins = WindowDraws.pick(random, Arrays.asList(Bins.values()));
        int[][] levels = new int[1 + random.nextInt(4)][];
        for (int i = 0; i < levels.length; i++) {
            do {
                levels[i] = sizes(random, 2, 6);
            } while (bins == Bins.CAFFE && !(fits(x.shape()[2], levels[i][0]) && fits(x.shape()[3], levels[i][1])));
        }
        Type type = WindowDraws.pick(random, Arrays.asList(Type.values()));
        return new OracleCase(new SpatialPyramidPool(random.nextBoolean(), bins, type, levels), x);
    }

    private static int window(int n, int bins) {
        return (int) Math.ceil((double) n / bins);
    }

    private static int padding(int n, int bins) {
        return (window(n, bins) * bins - n + 1) / 2;
    }

    private static boolean fits(int n, int bins) {
        return padding(n, bins) < window(n, bins);
    }

    /** Begin, end and divisor. */
    private static int[] range(Bins rule, int n, int bins, int i) {
        if (rule == Bins.ADAPTIVE) {
            int[] range = AdaptiveOracle.range(n, bins, i);
            return new int[] {range[0], range[1], range[1] - range[0]};
        }
        int begin = i * window(n, bins) - padding(n, bins);
        int end = Math.min(begin + window(n, bins), n + padding(n, bins));
        return new int[] {Math.max(0, begin), Math.min(n, end), end - begin};
    }

    @Override
    protected Cells cells(PoolingOp op, PlainArray... inputs) {
        SpatialPyramidPool pool = (SpatialPyramidPool) op;
        int[] n = inputs[0].shape();
        int length = n[1] * Arrays.stream(pool.levels()).mapToInt(level -> (int) (level[0] * level[1])).sum();
        Cells cells = new Cells(pool.type() == Type.MAX, n[0], length);
        for (int batch = 0; batch < n[0]; batch++) {
            for (long[] level : pool.levels()) {
                for (int channel = 0; channel < n[1]; channel++) {
                    for (int i = 0; i < level[0]; i++) {
                        for (int j = 0; j < level[1]; j++) {
                            int[] rows = range(pool.bins(), n[2], (int) level[0], i);
                            int[] columns = range(pool.bins(), n[3], (int) level[1], j);
                            cells.add((double) rows[2] * columns[2],
                                    places(n, batch * n[1] + channel, rows, columns));
                        }
                    }
                }
            }
        }
        return cells;
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return name.equals("input");
    }

    @Override
    public List<String> goldenNames() {
        return Collections.singletonList("spp2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        int[] levels = golden.ints("levels");
        return new SpatialPyramidPool(channelsLast, golden.constant("mode", Bins.class),
                golden.constant("type", Type.class),
                Arrays.stream(levels).mapToObj(n -> new int[] {n}).toArray(int[][]::new));
    }
}
