// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.CornerPool;
import io.github.dl4jpooling.ops.CornerPool.Edge;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Corner pooling: every place has a line of its own, from the border to itself. */
public final class CornerPoolOracle extends LineOracle {

    @Override
    public OracleCase draw(Random random) {
        return new OracleCase(
                new CornerPool(random.nextBoolean(), WindowDraws.pick(random, Arrays.asList(Edge.values()))),
                image(random));
    }

    @Override
    protected Cells cells(PoolingOp op, PlainArray... inputs) {
        Edge edge = ((CornerPool) op).edge();
        int[] n = inputs[0].shape();
        Cells cells = new Cells(true, n);
        for (int plane = 0; plane < n[0] * n[1]; plane++) {
            for (int i = 0; i < n[2]; i++) {
                for (int j = 0; j < n[3]; j++) {
                    int row = i;
                    int column = j;
                    switch (edge) {
                        case TOP:
                            add(cells, n, plane, 0, n[2] - i, t -> new int[] {n[2] - 1 - t, column});
                            break;
                        case BOTTOM:
                            add(cells, n, plane, 0, i + 1, t -> new int[] {t, column});
                            break;
                        case LEFT:
                            add(cells, n, plane, 0, n[3] - j, t -> new int[] {row, n[3] - 1 - t});
                            break;
                        default:
                            add(cells, n, plane, 0, j + 1, t -> new int[] {row, t});
                    }
                }
            }
        }
        return cells;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("corner_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new CornerPool(channelsLast, golden.constant("mode", Edge.class));
    }
}
