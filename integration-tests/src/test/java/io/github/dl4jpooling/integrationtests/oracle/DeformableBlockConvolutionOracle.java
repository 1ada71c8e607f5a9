// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.DeformableBlockConvolution;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Deformable convolution whose offsets come from another convolution. */
public final class DeformableBlockConvolutionOracle extends PredictedPlacesOracle {

    /** Starts with the oracle of the deformable convolution. */
    public DeformableBlockConvolutionOracle() {
        super(new DeformableConvolutionOracle());
    }

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = WindowDraws.ofFewTaps(random, 2);
        PoolingWindow window = drawn.window();
        int offsetGroups = 1 + random.nextInt(2);
        boolean modulated = random.nextBoolean();
        boolean bias = random.nextBoolean();
        int[] x = drawn.shape(offsetGroups * (1 + random.nextInt(3)));
        int outputs = 1 + random.nextInt(5);
        List<PlainArray> inputs = new ArrayList<>(
                Arrays.asList(inputs(random, window, x, (modulated ? 3 : 2) * offsetGroups)));
        inputs.add(PlainArray.gaussian(random, 1, outputs, x[1], window.kernel()[0], window.kernel()[1]));
        if (bias) {
            inputs.add(PlainArray.gaussian(random, 1, outputs));
        }
        return new OracleCase(
                new DeformableBlockConvolution(window, outputs, 1, offsetGroups, modulated, bias),
                inputs.toArray(new PlainArray[0]));
    }

    @Override
    protected WindowedOp inner(WindowedOp op) {
        return ((DeformableBlockConvolution) op).convolution();
    }

    @Override
    protected int offsetChannels(WindowedOp op) {
        return 2 * ((DeformableBlockConvolution) op).convolution().offsetGroups() * taps(op.window());
    }

    @Override
    protected boolean isSigmoid() {
        return true;
    }
}
