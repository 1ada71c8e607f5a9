// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.DetailPreserving;
import io.github.dl4jpooling.ops.DppPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;

/** Detail-preserving pooling, lite. */
public final class DppPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new DppPool(window, random == null
                ? new DetailPreserving()
                : new DetailPreserving(
                        WindowDraws.pick(random, List.of(DetailPreserving.Variant.values())),
                        WindowDraws.pick(random, List.of(DetailPreserving.Normalisation.values())),
                        0.1));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("dpp2d");
    }

    @Override
    public boolean accepts(GoldenCase golden) {
        return super.accepts(golden) && golden.attribute("tilde").asText().equals("lite");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("tilde");
        return new DppPool(golden.window(channelsLast), InverseBilateralPoolOracle.goldenSettings(golden));
    }

    /** The mean, with the weights of detail-preserving pooling around a smoothed value. */
    static Dual mean(OracleWindow window, DetailPreserving settings, Dual smoothed) {
        Dual[] x = window.elements();
        Dual rawAlpha = window.parameter("alpha");
        Dual alpha = Math.exp(rawAlpha.value()) >= 10 ? Dual.constant(10) : rawAlpha.exp();
        Dual exponent = window.parameter("lambda").exp().times(0.5);
        Dual[] squares = new Dual[x.length];
        for (int i = 0; i < x.length; i++) {
            Dual z = x[i].minus(smoothed);
            z = settings.variant() == DetailPreserving.Variant.ASYMMETRIC ? z.positivePart() : z;
            squares[i] = z.times(z).plus(settings.epsilon());
        }
        Dual norm = Dual.constant(1);
        switch (settings.normalisation()) {
            case MEAN:
                norm = Dual.mean(squares);
                break;
            case SUM:
                norm = Dual.sum(squares);
                break;
            default:
        }
        Dual weights = Dual.constant(0);
        Dual weighted = Dual.constant(0);
        for (int i = 0; i < x.length; i++) {
            Dual weight = squares[i].over(norm).pow(exponent).plus(alpha);
            weights = weights.plus(weight);
            weighted = weighted.plus(weight.times(x[i]));
        }
        return weighted.over(weights);
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
        DetailPreserving settings = ((DppPool) window.op()).settings();
        return mean(window, settings, Dual.mean(window.elements()));
    }
}
