// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.DetailPreserving;
import io.github.dl4jpooling.ops.DppFullPool;
import io.github.dl4jpooling.ops.InverseBilateralPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Detail-preserving pooling, full: the smoothed map by plain loops, then the pooling. */
public final class DppFullPoolOracle extends OperatorOracle {

    private final InverseBilateralPoolOracle poolingOracle = new InverseBilateralPoolOracle();

    @Override
    public OracleCase draw(Random random) {
        BorderMode mode = WindowDraws.pick(random, List.of(BorderMode.TRUNCATE, BorderMode.CEIL, BorderMode.SAME));
        PoolingWindow window = PoolingWindow.builder(2, 2).borderMode(mode).channelsLast(random.nextBoolean()).build();
        DetailPreserving settings = new DetailPreserving(
                WindowDraws.pick(random, List.of(DetailPreserving.Variant.values())),
                WindowDraws.pick(random, List.of(DetailPreserving.Normalisation.values())),
                0.1);
        int channels = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 4);
        return new OracleCase(
                new DppFullPool(window, settings),
                PlainArray.gaussian(
                        random, 2, 1 + random.nextInt(3), channels, 2 + random.nextInt(9), 2 + random.nextInt(30)),
                PlainArray.gaussian(random, 1, channels),
                PlainArray.gaussian(random, 0.5, channels),
                PlainArray.gaussian(random, 0.3, channels, 3, 3),
                PlainArray.gaussian(random, 1, channels));
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public double errorFactor() {
        return poolingOracle.errorFactor();
    }

    @Override
    public List<String> goldenNames() {
        return List.of("dpp2d");
    }

    @Override
    public boolean accepts(GoldenCase golden) {
        return super.accepts(golden) && golden.attribute("tilde").asText().equals("full");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new DppFullPool(golden.window(channelsLast), InverseBilateralPoolOracle.goldenSettings(golden));
    }

    private interface Tap {
        /** Of the smoothed map, of the map, and of the filter. */
        void visit(int smoothed, int element, int weight);
    }

    /** The filter over the map, with stride 2 and zeros around. */
    private static void visit(PlainArray x, PlainArray smoothed, Tap tap) {
        int[] n = x.shape();
        for (int i = 0; i < smoothed.values().length; i++) {
            int[] at = smoothed.index(i);
            for (int weight = 0; weight < 9; weight++) {
                int row = 2 * at[2] - 1 + weight / 3;
                int column = 2 * at[3] - 1 + weight % 3;
                if (row >= 0 && row < n[2] && column >= 0 && column < n[3]) {
                    tap.visit(i, ((at[0] * n[1] + at[1]) * n[2] + row) * n[3] + column, at[1] * 9 + weight);
                }
            }
        }
    }

    private static InverseBilateralPool pooling(PoolingOp op) {
        return new InverseBilateralPool(((DppFullPool) op).window(), ((DppFullPool) op).settings());
    }

    /** Inputs of the pooling. */
    private static PlainArray[] smooth(PoolingOp op, PlainArray... inputs) {
        PlainArray smoothed =
                PlainArray.zeros(WindowOracle.outputShape(((DppFullPool) op).window(), inputs[0].shape()));
        Arrays.setAll(smoothed.values(), i -> inputs[4].values()[smoothed.index(i)[1]]);
        visit(inputs[0], smoothed, (to, element, weight) -> smoothed.values()[to] +=
                inputs[0].values()[element] * inputs[3].values()[weight]);
        return new PlainArray[] {inputs[0], smoothed, inputs[1], inputs[2]};
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        return poolingOracle.outputs(pooling(op), smooth(op, inputs));
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray[] ofPooling = poolingOracle.gradients(pooling(op), yGradient, smooth(op, inputs));
        PlainArray filter = PlainArray.zeros(inputs[3].shape());
        PlainArray bias = PlainArray.zeros(inputs[4].shape());
        double[] ofMap = ofPooling[1].values();
        visit(inputs[0], ofPooling[1], (from, element, weight) -> {
            ofPooling[0].values()[element] += ofMap[from] * inputs[3].values()[weight];
            filter.values()[weight] += ofMap[from] * inputs[0].values()[element];
        });
        for (int i = 0; i < ofMap.length; i++) {
            bias.values()[ofPooling[1].index(i)[1]] += ofMap[i];
        }
        return new PlainArray[] {ofPooling[0], ofPooling[2], ofPooling[3], filter, bias};
    }
}
