// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.EdscwPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Pooling weighted by the exponential of the Dice-Sorensen coefficient. */
public final class EdscwPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new EdscwPool(window);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("edscw_pool2d");
    }

    static Dual mean(Dual[] x) {
        Dual mu = Dual.mean(x);
        Dual[] coefficients = Arrays.stream(x).map(e -> {
            Dual squares = e.times(e).plus(mu.times(mu));
            return squares.value() == 0 ? Dual.constant(0) : e.times(mu).abs().times(2).over(squares);
        }).toArray(Dual[]::new);
        return Dual.softmaxMean(x, coefficients);
    }

    @Override
    public double errorFactor() {
        return 20;
    }

    /** The derivative grows without bound where the mean, or a distance from it, nears 0. */
    @Override
    public boolean hasBoundedGradients() {
        return false;
    }

    @Override
    protected Dual value(OracleWindow window) {
        return mean(window.elements());
    }
}
