// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.IdwPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;

/** Inverse distance weighted pooling. */
public final class IdwPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new IdwPool(window);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("idw_pool2d");
    }

    @Override
    public double largestElement(double largestOfType) {
        return largestOfType / 4;
    }

    /** Elements close to the mean make it ill-conditioned. */
    @Override
    public double errorFactor() {
        return 1000;
    }

    /** The derivative grows without bound where the mean, or a distance from it, nears 0. */
    @Override
    public boolean hasBoundedGradients() {
        return false;
    }

    @Override
    protected Dual value(OracleWindow window) {
        Dual[] x = window.elements();
        Dual mu = Dual.mean(x);
        Dual weights = Dual.constant(0);
        Dual weighted = Dual.constant(0);
        for (Dual e : x) {
            Dual distance = e.minus(mu).abs();
            if (distance.value() == 0) {
                return mu;
            }
            weights = weights.plus(Dual.constant(1).over(distance));
            weighted = weighted.plus(e.over(distance));
        }
        return weighted.over(weights);
    }
}
