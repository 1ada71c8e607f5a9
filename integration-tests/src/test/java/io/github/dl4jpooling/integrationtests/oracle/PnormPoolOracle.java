// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PnormPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** P-norm pooling. */
public final class PnormPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new PnormPool(window, random == null ? 2 : List.of(1.0, 1.5, 2.0, 3.0, 8.0).get(random.nextInt(5)));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("pnorm_pool2d", "global_pool2d/pnorm");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("type");
        return new PnormPool(golden.window(channelsLast), golden.attribute("p").asDouble());
    }

    @Override
    public double largestElement(double largestOfType) {
        return largestOfType / 16;
    }

    @Override
    protected Dual value(OracleWindow window) {
        double p = ((PnormPool) window.op()).p();
        Dual[] powers = Arrays.stream(window.elements()).map(x -> x.abs().pow(p)).toArray(Dual[]::new);
        Dual sum = Dual.sum(powers);
        return sum.value() == 0 ? Dual.constant(0) : sum.pow(1 / p);
    }
}
