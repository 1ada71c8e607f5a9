// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SumPool;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;

/** Sum pooling. */
public final class SumPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new SumPool(window);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("global_pool2d/sum", "local_agg_pool2d/sum");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("type");
        return super.goldenOp(golden, channelsLast);
    }

    @Override
    public double largestElement(double largestOfType) {
        return largestOfType / 16;
    }

    @Override
    protected Dual value(OracleWindow window) {
        return Dual.sum(window.elements());
    }
}
