// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.AdaptivePool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Adaptive pooling: cell i of o covers floor(i n / o) to before ceil((i + 1) n / o). */
abstract class AdaptiveOracle extends CellOracle {

    private final boolean maximum;

    AdaptiveOracle(boolean maximum) {
        this.maximum = maximum;
    }

    abstract AdaptivePool op(boolean channelsLast, int... outputSize);

    /** Begin and end of a range. */
    static int[] range(int n, int o, int i) {
        return new int[] {(int) Math.floor((double) i * n / o), (int) Math.ceil((i + 1.0) * n / o)};
    }

    @Override
    public OracleCase draw(Random random) {
        int dimensions = 1 + random.nextInt(3);
        PlainArray x = map(random, sizes(random, dimensions, 12 / dimensions + 1));
        AdaptivePool op = op(random.nextBoolean(), sizes(random, dimensions, 12 / dimensions));
        if (dimensions > 1 || random.nextInt(3) == 0) {
            return new OracleCase(op, x);
        }
        StepMasks masks = WindowDraws.pick(random, List.of(StepMasks.values()));
        return new OracleCase(op.withMask(), x, masks.draw(random, x.shape()[0], x.shape()[2]));
    }

    @Override
    protected Cells cells(PoolingOp op, PlainArray... inputs) {
        int[] n = inputs[0].shape();
        int[] shape = n.clone();
        for (int a = 2; a < n.length; a++) {
            shape[a] = (int) ((AdaptivePool) op).outputSize()[a - 2];
        }
        Cells cells = new Cells(maximum, shape);
        PlainArray y = PlainArray.zeros(shape);
        for (int i = 0; i < y.values().length; i++) {
            int[] at = y.index(i);
            int[][] ranges = new int[n.length - 2][];
            Arrays.setAll(ranges, a -> range(n[a + 2], shape[a + 2], at[a + 2]));
            int[] places = Arrays.stream(places(n, at[0] * n[1] + at[1], ranges))
                    .filter(place -> inputs.length == 1 || inputs[1].values()[at[0] * n[2] + place % n[2]] != 0)
                    .toArray();
            cells.add(places.length, places);
        }
        return cells;
    }

    @Override
    public List<String> goldenNames() {
        String type = maximum ? "/max" : "/avg";
        return Arrays.asList("adaptive_pool2d" + type, "global_pool2d" + type);
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("type");
        return op(channelsLast, golden.has("outputSize") ? golden.ints("outputSize") : new int[] {1, 1});
    }
}
