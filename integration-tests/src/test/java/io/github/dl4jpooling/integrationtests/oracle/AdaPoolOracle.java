// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.AdaPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;

/** Adaptive exponential pooling. */
public final class AdaPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return random == null
                ? new AdaPool(window)
                : new AdaPool(window, WindowDraws.pick(random, List.of(Sharing.values())));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("ada_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        boolean layer = golden.array("beta").values().length == 1;
        return new AdaPool(golden.window(channelsLast), layer ? Sharing.LAYER : Sharing.REGION);
    }

    @Override
    public PlainArray goldenInput(GoldenCase golden, String name) {
        PlainArray input = super.goldenInput(golden, name);
        return name.equals("beta") && input.values().length == 1
                ? new PlainArray(new int[] {1}, input.values())
                : input;
    }

    @Override
    public double largestElement(double largestOfType) {
        return largestOfType / 4;
    }

    @Override
    public double errorFactor() {
        return 20;
    }

    /** The derivative grows without bound where the mean, or a distance from it, nears 0. */
    @Override
    public boolean hasBoundedGradients() {
        return false;
    }

    @Override
    protected Dual value(OracleWindow window) {
        Dual beta = window.parameter("beta");
        Dual soft = SoftPoolOracle.mean(window.elements());
        return beta.times(EdscwPoolOracle.mean(window.elements())).plus(beta.negated().plus(1).times(soft));
    }
}
