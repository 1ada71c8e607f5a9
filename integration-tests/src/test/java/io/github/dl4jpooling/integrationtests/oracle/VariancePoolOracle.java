// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.VariancePool;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Variance pooling. */
public final class VariancePoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return random == null || random.nextBoolean()
                ? new VariancePool(window)
                : VariancePool.standardDeviation(window, 1e-2);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("local_agg_pool2d/std", "local_agg_pool2d/var");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        PoolingWindow window = golden.window(channelsLast);
        return golden.attribute("type").asText().equals("std")
                ? VariancePool.standardDeviation(window, golden.attribute("eps").asDouble())
                : new VariancePool(window);
    }

    @Override
    public double largestElement(double largestOfType) {
        return Math.sqrt(largestOfType) / 4;
    }

    @Override
    public double errorFactor() {
        return 10;
    }

    @Override
    protected Dual value(OracleWindow window) {
        VariancePool op = (VariancePool) window.op();
        Dual mean = Dual.mean(window.elements());
        Dual[] squares = Arrays.stream(window.elements())
                .map(x -> x.minus(mean).times(x.minus(mean))).toArray(Dual[]::new);
        Dual variance = Dual.mean(squares);
        return op.isStandardDeviation() ? variance.plus(op.epsilon()).sqrt() : variance;
    }
}
