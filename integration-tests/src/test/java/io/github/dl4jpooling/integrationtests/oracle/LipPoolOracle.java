// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.LipPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;

/** Local importance-based pooling. */
public final class LipPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new LipPool(window);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("lip2d");
    }

    @Override
    protected Dual value(OracleWindow window) {
        return Dual.softmaxMean(window.elements(), window.elements("logit"));
    }
}
