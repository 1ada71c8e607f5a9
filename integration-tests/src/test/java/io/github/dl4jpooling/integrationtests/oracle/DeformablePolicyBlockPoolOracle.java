// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.DeformablePolicyBlockPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.TrainingPhase;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.Random;

/** The expectation of deformable policy pooling whose offsets and policy come from a convolution. */
public final class DeformablePolicyBlockPoolOracle extends PredictedPlacesOracle {

    /** Starts with the oracle of the pooling. */
    public DeformablePolicyBlockPoolOracle() {
        super(new DeformablePolicyPoolOracle());
    }

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = WindowDraws.ofFewTaps(random, 2);
        PoolingWindow window = drawn.window();
        int groups = 1 + random.nextInt(2);
        int[] x = drawn.shape(groups * (1 + random.nextInt(4)));
        return new OracleCase(new DeformablePolicyBlockPool(window, groups, TrainingPhase.INFERENCE),
                inputs(random, window, x, 3 * groups));
    }

    @Override
    protected WindowedOp inner(WindowedOp op) {
        return ((DeformablePolicyBlockPool) op).pooling();
    }

    @Override
    protected int offsetChannels(WindowedOp op) {
        return 2 * ((DeformablePolicyBlockPool) op).pooling().groups() * taps(op.window());
    }

    @Override
    protected boolean isSigmoid() {
        return false;
    }
}
