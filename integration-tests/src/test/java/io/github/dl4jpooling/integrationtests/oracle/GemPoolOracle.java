// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.GemPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Generalised-mean pooling. */
public final class GemPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return random == null
                ? new GemPool(window)
                : new GemPool(window, WindowDraws.pick(random, List.of(Sharing.values())), 0.3);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("gem_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        boolean layer = golden.array("p").values().length == 1;
        return new GemPool(
                golden.window(channelsLast),
                layer ? Sharing.LAYER : Sharing.CHANNEL,
                golden.attribute("eps").asDouble());
    }

    @Override
    protected double draw(WindowInput input, Random random) {
        return 0.5 + 4 * random.nextDouble();
    }

    @Override
    protected Dual value(OracleWindow window) {
        double epsilon = ((GemPool) window.op()).epsilon();
        Dual p = window.parameter("p");
        Dual[] powers = Arrays.stream(window.elements())
                .map(x -> x.value() < epsilon ? Dual.constant(epsilon) : x)
                .map(x -> x.pow(p)).toArray(Dual[]::new);
        return Dual.mean(powers).pow(Dual.constant(1).over(p));
    }
}
