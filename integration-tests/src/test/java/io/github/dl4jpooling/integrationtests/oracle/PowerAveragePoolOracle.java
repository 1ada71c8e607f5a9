// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.PowerAveragePool;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Power-average pooling. */
public final class PowerAveragePoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new PowerAveragePool(window, random == null
                ? Sharing.CHANNEL
                : WindowDraws.pick(random, List.of(Sharing.values())));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("power_avg_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        boolean layer = golden.array("p").values().length == 1;
        return new PowerAveragePool(golden.window(channelsLast), layer ? Sharing.LAYER : Sharing.CHANNEL);
    }

    @Override
    protected double draw(WindowInput input, Random random) {
        return 0.5 + 4 * random.nextDouble();
    }

    @Override
    protected Dual value(OracleWindow window) {
        Dual p = window.parameter("p");
        Dual[] powers = Arrays.stream(window.elements())
                .map(Dual::abs)
                .map(x -> x.value() == 0 ? Dual.constant(0) : x.pow(p)).toArray(Dual[]::new);
        Dual mean = Dual.mean(powers);
        return mean.value() == 0 ? Dual.constant(0) : mean.pow(Dual.constant(1).over(p));
    }
}
