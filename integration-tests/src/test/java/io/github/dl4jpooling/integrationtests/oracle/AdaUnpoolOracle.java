// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.AdaUnpool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Adaptive unpooling: area(beta x) edscw + area((1 - beta) x) em, area being adaptive average pooling. */
public final class AdaUnpoolOracle extends OperatorOracle {

    @Override
    public OracleCase draw(Random random) {
        int[] in = CellOracle.sizes(random, 2, 8);
        int[] out = CellOracle.sizes(random, 2, 12);
        int batch = 1 + random.nextInt(3);
        PlainArray x = PlainArray.gaussian(random, 2, batch, 1 + random.nextInt(40), in[0], in[1]);
        PlainArray beta = PlainArray.gaussian(random, 1, in[0], in[1]);
        PlainArray edscw = PlainArray.gaussian(random, 1, batch, out[0], out[1]);
        PlainArray em = PlainArray.gaussian(random, 1, batch, out[0], out[1]);
        return new OracleCase(new AdaUnpool(random.nextBoolean()), x, beta, edscw, em);
    }

    private static double unit(double value) {
        return Math.min(1, Math.max(0, value));
    }

    /** An element of a cell: what belongs there is of place x in the input, beta in beta, mask in the masks. */
    private interface Visitor {
        void visit(int y, int x, int beta, int mask, double divisor);
    }

    private static PlainArray visit(PlainArray[] inputs, Visitor visitor) {
        int[] n = inputs[0].shape();
        int height = inputs[2].shape()[1];
        int width = inputs[2].shape()[2];
        PlainArray y = PlainArray.zeros(n[0], n[1], height, width);
        for (int i = 0; i < y.values().length; i++) {
            int[] at = y.index(i);
            int[] rows = AdaptiveOracle.range(n[2], height, at[2]);
            int[] columns = AdaptiveOracle.range(n[3], width, at[3]);
            int mask = (at[0] * height + at[2]) * width + at[3];
            for (int h = rows[0]; h < rows[1]; h++) {
                for (int w = columns[0]; w < columns[1]; w++) {
                    int x = ((at[0] * n[1] + at[1]) * n[2] + h) * n[3] + w;
                    visitor.visit(i, x, h * n[3] + w, mask, (rows[1] - rows[0]) * (columns[1] - columns[0]));
                }
            }
        }
        return y;
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        PlainArray y = visit(inputs, (i, x, beta, mask, divisor) -> {});
        visit(inputs, (i, x, beta, mask, divisor) -> {
            double value = inputs[0].values()[x];
            double share = inputs[1].values()[beta];
            y.values()[i] += value * share / divisor * unit(inputs[2].values()[mask])
                    + value * (1 - share) / divisor * unit(inputs[3].values()[mask]);
        });
        return new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray ofX = PlainArray.zeros(inputs[0].shape());
        PlainArray ofBeta = PlainArray.zeros(inputs[1].shape());
        visit(inputs, (i, x, beta, mask, divisor) -> {
            double g = yGradient.values()[i] / divisor;
            double share = inputs[1].values()[beta];
            double edscw = unit(inputs[2].values()[mask]);
            double em = unit(inputs[3].values()[mask]);
            ofX.values()[x] += g * (share * edscw + (1 - share) * em);
            ofBeta.values()[beta] += g * inputs[0].values()[x] * (edscw - em);
        });
        return new PlainArray[] {ofX, ofBeta};
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public double errorFactor() {
        return 10; // the gradient of beta is a sum over examples, channels and cells
    }

    @Override
    public List<String> goldenNames() {
        return Collections.singletonList("ada_unpool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new AdaUnpool(channelsLast);
    }
}
