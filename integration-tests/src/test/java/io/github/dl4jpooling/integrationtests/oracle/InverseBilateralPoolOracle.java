// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.DetailPreserving;
import io.github.dl4jpooling.ops.InverseBilateralPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;

/** Detail-preserving pooling with a given smoothed map. */
public final class InverseBilateralPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new InverseBilateralPool(window, random == null
                ? new DetailPreserving()
                : new DetailPreserving(
                        WindowDraws.pick(random, List.of(DetailPreserving.Variant.values())),
                        WindowDraws.pick(random, List.of(DetailPreserving.Normalisation.values())),
                        0.1));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("inverse_bilateral_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new InverseBilateralPool(golden.window(channelsLast), goldenSettings(golden));
    }

    static DetailPreserving goldenSettings(GoldenCase golden) {
        String variant = golden.attribute("variant").asText();
        return new DetailPreserving(
                variant.equals("asym") ? DetailPreserving.Variant.ASYMMETRIC : DetailPreserving.Variant.SYMMETRIC,
                golden.constant("normalise", DetailPreserving.Normalisation.class),
                golden.attribute("eps").asDouble());
    }

    @Override
    public double largestElement(double largestOfType) {
        return Math.sqrt(largestOfType) / 8;
    }

    @Override
    public double errorFactor() {
        return 20;
    }

    @Override
    protected Dual value(OracleWindow window) {
        DetailPreserving settings = ((InverseBilateralPool) window.op()).settings();
        return DppPoolOracle.mean(window, settings, window.parameter("tilde"));
    }
}
