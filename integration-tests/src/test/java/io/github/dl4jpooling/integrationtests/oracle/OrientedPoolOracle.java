// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.LineOp.Type;
import io.github.dl4jpooling.ops.Orientation;
import io.github.dl4jpooling.ops.OrientedPool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Oriented pooling: n elements around every s-th place. */
public final class OrientedPoolOracle extends LineOracle {

    @Override
    public OracleCase draw(Random random) {
        int length = 1 + random.nextInt(random.nextInt(4) == 0 ? 200 : 8);
        return new OracleCase(
                new OrientedPool(
                        random.nextBoolean(), WindowDraws.pick(random, Arrays.asList(Type.values())),
                        WindowDraws.pick(random, Arrays.asList(Orientation.values())), length,
                        1 + random.nextInt(4), 1 + random.nextInt(4)),
                image(random));
    }

    private static int[] direction(Orientation orientation) {
        switch (orientation) {
            case HORIZONTAL:
                return new int[] {0, 1};
            case VERTICAL:
                return new int[] {1, 0};
            case DIAGONAL:
                return new int[] {1, 1};
            default:
                return new int[] {1, -1};
        }
    }

    @Override
    protected Cells cells(PoolingOp op, PlainArray... inputs) {
        OrientedPool pool = (OrientedPool) op;
        int[] n = inputs[0].shape();
        int[] stride = Arrays.stream(pool.stride()).mapToInt(Math::toIntExact).toArray();
        int[] size = {(int) Math.ceil((double) n[2] / stride[0]), (int) Math.ceil((double) n[3] / stride[1])};
        int[] step = direction(pool.orientation());
        int length = (int) pool.length();
        Cells cells = new Cells(pool.type() == Type.MAX, n[0], n[1], size[0], size[1]);
        for (int plane = 0; plane < n[0] * n[1]; plane++) {
            for (int i = 0; i < size[0]; i++) {
                for (int j = 0; j < size[1]; j++) {
                    int row = i * stride[0];
                    int column = j * stride[1];
                    add(cells, n, plane, -(length / 2), length - length / 2,
                            t -> new int[] {row + t * step[0], column + t * step[1]});
                }
            }
        }
        return cells;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("oriented_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new OrientedPool(channelsLast, golden.constant("type", Type.class),
                golden.constant("orientation", Orientation.class), golden.attribute("length").asInt(),
                golden.ints("stride"));
    }
}
