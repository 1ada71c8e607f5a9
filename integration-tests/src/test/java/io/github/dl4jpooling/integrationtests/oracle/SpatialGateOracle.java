// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.SpatialGate;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;

/** The spatial gate: a normalised convolution of maxima and means over the channels. */
public final class SpatialGateOracle extends NetworkOracle {

    private static final Map<String, String> GOLDEN =
            Map.of("weights", "w", "gain", "gamma", "shift", "beta", "variance", "var", "mean", "mean");

    @Override
    public OracleCase draw(Random random) {
        TrainingPhase phase = random.nextBoolean() ? TrainingPhase.TRAINING : TrainingPhase.INFERENCE;
        return drawn(new SpatialGate(random.nextBoolean(), phase, 1 + 2 * random.nextInt(3)), random,
                1 + random.nextInt(3));
    }

    /** The outputs; inputs as the op's. */
    static PlainArray[] gated(boolean training, PlainArray... inputs) {
        PlainArray x = inputs[0];
        PlainArray pooled = new ChannelPoolOracle().outputs(null, x)[0];
        PlainArray z = new PlainConvolution(inputs[1].shape()[2]).forward(pooled, inputs[1], null);
        NormOracle norm = new NormOracle(z, inputs[2], inputs[3], inputs[4], inputs[5], training);
        int size = x.shape()[2] * x.shape()[3];
        int channels = x.shape()[1];
        PlainArray y =
                times(x, i -> sigmoid(norm.y().values()[i / size / channels * size + i % size]));
        return training
                ? new PlainArray[] {y,
                    new PlainArray(new int[] {2, 1},
                            DoubleStream.concat(DoubleStream.of(norm.means()), DoubleStream.of(norm.variances()))
                                    .toArray())}
                : new PlainArray[] {y};
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        return gated(((SpatialGate) op).isTraining(), inputs);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("cbam_spatial_gate");
    }

    @Override
    public String goldenName(String name) {
        return GOLDEN.getOrDefault(name, super.goldenName(name));
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        checkEpsilon(golden);
        boolean training = golden.attribute("training").asBoolean();
        return new SpatialGate(channelsLast, training ? TrainingPhase.TRAINING : TrainingPhase.INFERENCE,
                golden.attribute("kernel").asInt());
    }
}
