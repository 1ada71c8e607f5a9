// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.ChannelPool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Channel pooling: the first largest of a place's channels, and their mean. */
public final class ChannelPoolOracle extends OperatorOracle {

    @Override
    public OracleCase draw(Random random) {
        return new OracleCase(new ChannelPool(random.nextBoolean()), LineOracle.image(random));
    }

    /** Places of the channels of each place: of batch b and position i number b * positions + i. */
    private static int[][] places(int... n) {
        int positions = Arrays.stream(n).skip(2).reduce(1, (a, b) -> a * b);
        int[][] places = new int[n[0] * positions][n[1]];
        for (int i = 0; i < places.length; i++) {
            for (int c = 0; c < n[1]; c++) {
                places[i][c] = (i / positions * n[1] + c) * positions + i % positions;
            }
        }
        return places;
    }

    /** Where the first of the two results stands, and how far away the second one is. */
    private static int[] results(int[] n, int place) {
        int positions = Arrays.stream(n).skip(2).reduce(1, (a, b) -> a * b);
        return new int[] {place / positions * 2 * positions + place % positions, positions};
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        int[] n = inputs[0].shape();
        int[] shape = n.clone();
        shape[1] = 2;
        PlainArray y = PlainArray.zeros(shape);
        double[] x = inputs[0].values();
        int[][] places = places(n);
        for (int i = 0; i < places.length; i++) {
            int[] at = results(n, i);
            y.values()[at[0]] = x[CellOracle.chosen(x, places[i])];
            for (int place : places[i]) {
                y.values()[at[0] + at[1]] += x[place] / n[1];
            }
        }
        return new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        int[] n = inputs[0].shape();
        PlainArray gradient = PlainArray.zeros(n);
        double[] x = inputs[0].values();
        int[][] places = places(n);
        for (int i = 0; i < places.length; i++) {
            int[] at = results(n, i);
            gradient.values()[CellOracle.chosen(x, places[i])] += yGradient.values()[at[0]];
            for (int place : places[i]) {
                gradient.values()[place] += yGradient.values()[at[0] + at[1]] / n[1];
            }
        }
        return new PlainArray[] {gradient};
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("cbam_channel_pool");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new ChannelPool(channelsLast);
    }
}
