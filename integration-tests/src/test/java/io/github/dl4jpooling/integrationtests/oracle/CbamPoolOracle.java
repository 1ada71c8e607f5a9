// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.CbamPool;
import io.github.dl4jpooling.ops.GatePool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** CBAM: the channel gate with means and maxima, then the spatial gate. */
public final class CbamPoolOracle extends NetworkOracle {

    @Override
    public OracleCase draw(Random random) {
        TrainingPhase phase = random.nextBoolean() ? TrainingPhase.TRAINING : TrainingPhase.INFERENCE;
        return drawn(
                new CbamPool(random.nextBoolean(), phase, 1 + random.nextInt(3), 1 + 2 * random.nextInt(3)), random,
                1 + random.nextInt(3));
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        double[] factors = ChannelGateOracle.factors(List.of(GatePool.AVG, GatePool.MAX), inputs);
        int size = inputs[0].shape()[2] * inputs[0].shape()[3];
        PlainArray[] spatial = Arrays.copyOfRange(inputs, 4, inputs.length);
        spatial[0] = times(inputs[0], i -> factors[i / size]);
        return SpatialGateOracle.gated(((CbamPool) op).isTraining(), spatial);
    }
}
