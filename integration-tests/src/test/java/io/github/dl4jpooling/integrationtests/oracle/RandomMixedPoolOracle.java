// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.RandomMixedPool;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.List;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;

/** Random mixed pooling. */
public final class RandomMixedPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new RandomMixedPool(window, random == null
                ? Sharing.ELEMENT
                : WindowDraws.pick(random, List.of(Sharing.values())));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("yu_mixed_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("mode");
        return new RandomMixedPool(golden.window(channelsLast), golden.constant("granularity", Sharing.class));
    }

    @Override
    public String goldenName(String name) {
        return name.equals("choice") ? "lambda" : super.goldenName(name);
    }

    @Override
    public PlainArray goldenInput(GoldenCase golden, String name) {
        if (!name.equals("choice") || golden.hasArray("lambda")) {
            return super.goldenInput(golden, name);
        }
        PlainArray maximum = golden.array("maxCount");
        PlainArray average = golden.array("avgCount");
        return PlainArray.of(
                RandomMixedPool.inferenceChoice(
                        maximum.toArray(DataType.DOUBLE, false), average.toArray(DataType.DOUBLE, false)),
                false);
    }

    @Override
    protected double draw(WindowInput input, Random random) {
        return random.nextInt(2);
    }

    @Override
    protected Dual value(OracleWindow window) {
        return MixedPoolOracle.mix(window, window.parameter("choice"));
    }
}
