// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.MinPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Minimum pooling: the smallest element, or NaN; the gradient goes to the first such element. */
public final class MinPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new MinPool(window);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("local_agg_pool2d/min");
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
        return Dual.largest(Arrays.stream(window.elements()).map(Dual::negated).toArray(Dual[]::new)).negated();
    }
}
