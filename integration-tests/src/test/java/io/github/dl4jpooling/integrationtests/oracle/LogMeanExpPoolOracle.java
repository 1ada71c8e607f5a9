// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.LogMeanExpPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Log-mean-exp pooling. */
public final class LogMeanExpPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new LogMeanExpPool(window, random == null ? 2 : 0.5 + 3 * random.nextDouble());
    }

    @Override
    public List<String> goldenNames() {
        return List.of("local_agg_pool2d/lse");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("type");
        return new LogMeanExpPool(golden.window(channelsLast), golden.attribute("r").asDouble());
    }

    @Override
    protected Dual value(OracleWindow window) {
        double r = ((LogMeanExpPool) window.op()).r();
        double shift = Dual.largest(window.elements()).value();
        Dual[] exponentials =
                Arrays.stream(window.elements()).map(x -> x.minus(shift).times(r).exp()).toArray(Dual[]::new);
        return Dual.mean(exponentials).log().over(r).plus(shift);
    }
}
