// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.DeformableBlockPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.Random;

/** Deformable average pooling whose offsets come from a convolution. */
public final class DeformableBlockPoolOracle extends PredictedPlacesOracle {

    /** Starts with the oracle of the pooling. */
    public DeformableBlockPoolOracle() {
        super(new DeformableAveragePoolOracle());
    }

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = new WindowDraws(random, 2);
        PoolingWindow window = drawn.window();
        int groups = 1 + random.nextInt(2);
        boolean modulated = random.nextBoolean();
        int[] x = drawn.shape(groups * (1 + random.nextInt(4)));
        return new OracleCase(new DeformableBlockPool(window, groups, modulated, random.nextBoolean()),
                inputs(random, window, x, (modulated ? 3 : 2) * groups));
    }

    @Override
    protected WindowedOp inner(WindowedOp op) {
        return ((DeformableBlockPool) op).pooling();
    }

    @Override
    protected int offsetChannels(WindowedOp op) {
        return 2 * ((DeformableBlockPool) op).pooling().groups() * taps(op.window());
    }

    @Override
    protected boolean isSigmoid() {
        return true;
    }
}
