// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.MixedPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;

/** Mixed pooling. */
public final class MixedPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new MixedPool(window, random == null
                ? Sharing.REGION
                : WindowDraws.pick(random, List.of(Sharing.values())));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("mixed_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new MixedPool(golden.window(channelsLast), golden.constant("granularity", Sharing.class));
    }

    /** a max + (1 - a) mean. */
    static Dual mix(OracleWindow window, Dual a) {
        Dual mean = Dual.mean(window.elements());
        return a.times(Dual.largest(window.elements())).plus(a.negated().plus(1).times(mean));
    }

    @Override
    public double largestElement(double largestOfType) {
        return largestOfType / 16;
    }

    @Override
    protected Dual value(OracleWindow window) {
        return mix(window, window.parameter("a"));
    }
}
