// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.SePool;
import java.util.List;
import java.util.Random;

/** Squeeze and excitation: the channel gate with means alone. */
public final class SePoolOracle extends ChannelGateOracle {

    @Override
    public OracleCase draw(Random random) {
        return drawn(new SePool(random.nextBoolean(), 1 + random.nextInt(4)), random, 1 + random.nextInt(4));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("se_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new SePool(channelsLast, golden.attribute("reduction").asInt());
    }
}
