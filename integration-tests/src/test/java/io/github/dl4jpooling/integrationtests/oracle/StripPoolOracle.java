// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.LineOp.Type;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.StripPool;
import io.github.dl4jpooling.ops.StripPool.Strips;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Strip pooling: all rows, then all columns. */
public final class StripPoolOracle extends LineOracle {

    @Override
    public OracleCase draw(Random random) {
        return new OracleCase(
                new StripPool(random.nextBoolean(), WindowDraws.pick(random, Arrays.asList(Type.values())),
                        WindowDraws.pick(random, Arrays.asList(Strips.values()))),
                image(random));
    }

    @Override
    protected Cells cells(PoolingOp op, PlainArray... inputs) {
        StripPool pool = (StripPool) op;
        int[] n = inputs[0].shape();
        int rows = pool.strips() == Strips.VERTICAL ? 0 : n[2];
        int columns = pool.strips() == Strips.HORIZONTAL ? 0 : n[3];
        boolean upright = pool.strips() == Strips.HORIZONTAL;
        Cells cells = new Cells(pool.type() == Type.MAX, n[0], n[1], upright ? rows : 1, upright ? 1 : rows + columns);
        for (int plane = 0; plane < n[0] * n[1]; plane++) {
            for (int i = 0; i < rows; i++) {
                int row = i;
                add(cells, n, plane, 0, n[3], t -> new int[] {row, t});
            }
            for (int j = 0; j < columns; j++) {
                int column = j;
                add(cells, n, plane, 0, n[2], t -> new int[] {t, column});
            }
        }
        return cells;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("strip_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new StripPool(channelsLast, golden.constant("type", Type.class), Strips.BOTH);
    }

    @Override
    public PlainArray goldenArray(GoldenCase golden, String name) {
        return joined(golden, name, "h", "v");
    }
}
