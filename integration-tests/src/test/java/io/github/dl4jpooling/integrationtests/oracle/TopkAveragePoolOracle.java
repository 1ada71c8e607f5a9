// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.TopkAveragePool;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Top-k average pooling: the elements sorted, then a mean. */
public final class TopkAveragePoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        return new TopkAveragePool(window, random == null ? 2 : 1 + random.nextInt(random.nextBoolean() ? 4 : 30));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("topk_avg_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new TopkAveragePool(golden.window(channelsLast), golden.attribute("k").asInt());
    }

    @Override
    protected Dual value(OracleWindow window) {
        return Dual.mean(Arrays.stream(window.elements())
                .sorted(Comparator.comparingDouble(x -> -x.value() + 0.0)) // stable; 0 and -0 are equal
                .limit(((TopkAveragePool) window.op()).k())
                .toArray(Dual[]::new));
    }
}
