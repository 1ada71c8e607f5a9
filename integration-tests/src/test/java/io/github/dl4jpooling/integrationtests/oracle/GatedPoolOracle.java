// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.GatedPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;

/** Gated pooling. */
public final class GatedPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return random == null
                ? new GatedPool(window, Sharing.CHANNEL, true)
                : new GatedPool(window, random.nextBoolean() ? Sharing.LAYER : Sharing.CHANNEL, random.nextBoolean());
    }

    @Override
    public List<String> goldenNames() {
        return List.of("gated_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new GatedPool(
                golden.window(channelsLast), golden.constant("maskSharing", Sharing.class), golden.hasArray("b"));
    }

    @Override
    public double largestElement(double largestOfType) {
        return largestOfType / 1024;
    }

    @Override
    protected Dual value(OracleWindow window) {
        Dual logit = window.has("b") ? window.parameter("b") : Dual.constant(0);
        Dual[] mask = window.mask("w", 0);
        for (int i = 0; i < mask.length; i++) {
            logit = logit.plus(mask[i].times(window.elements()[i]));
        }
        return MixedPoolOracle.mix(window, logit.sigmoid());
    }
}
