// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.RangePool;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Range pooling: maximum less minimum. */
public final class RangePoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new RangePool(window);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("local_agg_pool2d/range");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("type");
        return super.goldenOp(golden, channelsLast);
    }

    @Override
    public double largestElement(double largestOfType) {
        return largestOfType / 2;
    }

    @Override
    protected Dual value(OracleWindow window) {
        Dual[] negated = Arrays.stream(window.elements()).map(Dual::negated).toArray(Dual[]::new);
        return Dual.largest(window.elements()).plus(Dual.largest(negated));
    }
}
