// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.FilterPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Random;

/** Filter pooling. */
public final class FilterPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return random == null
                ? new FilterPool(window, Sharing.CHANNEL, true)
                : new FilterPool(window, random.nextBoolean() ? Sharing.LAYER : Sharing.CHANNEL, random.nextBoolean());
    }

    @Override
    public double largestElement(double largestOfType) {
        return largestOfType / 1024;
    }

    @Override
    protected Dual value(OracleWindow window) {
        Dual y = window.has("bias") ? window.parameter("bias") : Dual.constant(0);
        Dual[] filter = window.mask("filter", 0);
        for (int i = 0; i < filter.length; i++) {
            y = y.plus(filter[i].times(window.elements()[i]));
        }
        return y;
    }
}
