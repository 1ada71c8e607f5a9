// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;

/** Maximum pooling: the first of the largest elements. */
public final class MaxPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new MaxPool(window);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("max_pool2d", "global_pool2d/max");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("type");
        return super.goldenOp(golden, channelsLast);
    }

    @Override
    public boolean definesInfinities() {
        return true;
    }

    @Override
    protected Dual value(OracleWindow window) {
        int chosen = Dual.indexOfLargest(window.elements());
        window.choose(chosen);
        return window.elements()[chosen];
    }
}
