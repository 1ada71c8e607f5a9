// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.WinnerTakeAll;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Winner-take-all: the k largest of each map stay. */
public final class WinnerTakeAllOracle extends TopElementsOracle {

    @Override
    public OracleCase draw(Random random) {
        int dimensions = 1 + random.nextInt(3);
        PlainArray x = CellOracle.map(random, CellOracle.sizes(random, dimensions, 12 / dimensions));
        int k = 1 + random.nextInt(random.nextBoolean() ? 4 : 100);
        return new OracleCase(new WinnerTakeAll(dimensions, random.nextBoolean(), k), x);
    }

    /** The elements of one array where the other's largest are. */
    private static PlainArray[] kept(PoolingOp op, PlainArray x, PlainArray from) {
        PlainArray result = PlainArray.zeros(x.shape());
        int planes = x.shape()[0] * x.shape()[1];
        int size = planes == 0 ? 0 : x.values().length / planes;
        for (int plane = 0; plane < planes; plane++) {
            IntStream places = IntStream.range(plane * size, (plane + 1) * size);
            for (int place : largest(x.values(), ((WinnerTakeAll) op).k(), places)) {
                result.values()[place] = from.values()[place];
            }
        }
        return new PlainArray[] {result};
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        return kept(op, inputs[0], inputs[0]);
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        return kept(op, inputs[0], yGradient);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("wta_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new WinnerTakeAll(2, channelsLast, golden.attribute("k").asInt());
    }
}
