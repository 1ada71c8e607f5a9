// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.DiagonalPool;
import io.github.dl4jpooling.ops.DiagonalPool.Diagonals;
import io.github.dl4jpooling.ops.LineOp.Type;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Diagonal pooling: j - i + H - 1 is the number of a main diagonal, i + j that of an antidiagonal. */
public final class DiagonalPoolOracle extends LineOracle {

    @Override
    public OracleCase draw(Random random) {
        return new OracleCase(
                new DiagonalPool(random.nextBoolean(), WindowDraws.pick(random, Arrays.asList(Type.values())),
                        WindowDraws.pick(random, Arrays.asList(Diagonals.values()))),
                image(random));
    }

    @Override
    protected Cells cells(PoolingOp op, PlainArray... inputs) {
        DiagonalPool pool = (DiagonalPool) op;
        int[] n = inputs[0].shape();
        int lines = n[2] + n[3] - 1;
        boolean both = pool.diagonals() == Diagonals.BOTH;
        Cells cells = new Cells(pool.type() == Type.MAX, n[0], n[1], 1, both ? 2 * lines : lines);
        for (int plane = 0; plane < n[0] * n[1]; plane++) {
            for (int d = 0; d < lines && pool.diagonals() != Diagonals.ANTI; d++) {
                int number = d;
                add(cells, n, plane, 0, n[2], i -> new int[] {i, number + i - n[2] + 1});
            }
            for (int d = 0; d < lines && pool.diagonals() != Diagonals.MAIN; d++) {
                int number = d;
                add(cells, n, plane, 0, n[2], i -> new int[] {i, number - i});
            }
        }
        return cells;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("diagonal_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new DiagonalPool(channelsLast, golden.constant("type", Type.class), Diagonals.BOTH);
    }

    @Override
    public PlainArray goldenArray(GoldenCase golden, String name) {
        return joined(golden, name, "main", "anti");
    }
}
