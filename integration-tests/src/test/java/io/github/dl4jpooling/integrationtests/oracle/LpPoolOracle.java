// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.LpPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Lp pooling as PyTorch defines it. */
public final class LpPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new LpPool(window, random == null ? 2 : List.of(1.0, 2.0, 3.0, 4.0).get(random.nextInt(4)));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("lp_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new LpPool(golden.window(channelsLast), golden.attribute("p").asDouble());
    }

    /** Positive, so that odd powers do not meet negative sums. */
    @Override
    protected double draw(Random random, double deviation) {
        return deviation * (0.1 + Math.abs(random.nextGaussian()));
    }

    @Override
    public double largestElement(double largestOfType) {
        return largestOfType / 64;
    }

    @Override
    protected Dual value(OracleWindow window) {
        double p = ((LpPool) window.op()).p();
        Dual[] powers = Arrays.stream(window.elements()).map(x -> p == 1 ? x : x.pow(p)).toArray(Dual[]::new);
        Dual sum = Dual.sum(powers).times((double) window.kernelTaps() / powers.length);
        return p == 1 ? sum : sum.value() == 0 ? Dual.constant(0) : sum.pow(1 / p);
    }
}
