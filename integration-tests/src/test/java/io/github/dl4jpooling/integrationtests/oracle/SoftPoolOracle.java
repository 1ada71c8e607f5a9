// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SoftPool;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Soft pooling: y = sum w_i x_i with w the softmax of the window. */
public final class SoftPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new SoftPool(window);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("softpool1d", "softpool2d", "softpool3d", "em_pool2d");
    }

    @Override
    public boolean definesInfinities() {
        return true;
    }

    @Override
    protected Dual value(OracleWindow window) {
        return mean(window.elements());
    }

    /** Mean weighted by the exponentials. */
    static Dual mean(Dual[] x) {
        Dual largest = Dual.largest(x);
        if (Double.isNaN(largest.value())) {
            return Dual.sum(x).map(Double.NaN, Double.NaN);
        }
        if (Double.isInfinite(largest.value())) {
            // The limit: elements at +infinity share equally, others get nothing. At -infinity the value is constant.
            Dual[] infinite = Arrays.stream(x).filter(e -> e.value() == largest.value()).toArray(Dual[]::new);
            return largest.value() > 0 ? Dual.mean(infinite) : Dual.constant(0);
        }
        return Dual.softmaxMean(Arrays.stream(x).map(e -> e.minus(largest)).toArray(Dual[]::new), x).plus(largest);
    }
}
