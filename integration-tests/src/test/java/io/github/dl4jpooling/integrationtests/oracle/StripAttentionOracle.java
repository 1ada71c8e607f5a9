// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.LineOp;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.StripAttention;
import io.github.dl4jpooling.ops.StripPool;
import io.github.dl4jpooling.ops.StripPool.Strips;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/** Strip attention: means of rows and columns, convolved and normalised, added up. */
public final class StripAttentionOracle extends NetworkOracle {

    @Override
    public OracleCase draw(Random random) {
        TrainingPhase phase = random.nextBoolean() ? TrainingPhase.TRAINING : TrainingPhase.INFERENCE;
        boolean last = random.nextBoolean();
        return drawn(random.nextBoolean()
                ? new StripAttention(last, phase)
                : new StripAttention(last, phase, 1 + random.nextInt(3)), random, 1 + random.nextInt(3));
    }

    private static NormOracle strip(PlainArray x, Strips strips, PlainArray weights, PlainArray gain, PlainArray shift,
            PlainArray mean, PlainArray variance, boolean training) {
        PlainArray means = new StripPoolOracle().outputs(new StripPool(false, LineOp.Type.AVG, strips), x)[0];
        int[] kernel = {weights.shape()[2], weights.shape()[3]};
        PoolingWindow window =
                PoolingWindow.builder(kernel).stride(1, 1).padding(kernel[0] / 2, kernel[1] / 2).build();
        PlainArray z = new PlainConvolution(window).forward(means, weights, null);
        return new NormOracle(z, gain, shift, mean, variance, training);
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        boolean training = ((StripAttention) op).isTraining();
        PlainArray x = inputs[0];
        NormOracle rows = strip(x, Strips.HORIZONTAL, inputs[1], inputs[2], inputs[3], inputs[9], inputs[10], training);
        NormOracle columns =
                strip(x, Strips.VERTICAL, inputs[4], inputs[5], inputs[6], inputs[11], inputs[12], training);
        int[] n = x.shape();
        n[1] = inputs[7].shape()[0];
        PlainArray sum = PlainArray.zeros(n);
        Arrays.setAll(sum.values(), i -> {
            int row = i / n[3];
            int column = i / n[3] / n[2] * n[3] + i % n[3];
            return Math.max(0, rows.y().values()[row] + columns.y().values()[column]);
        });
        PlainArray z = new PlainConvolution(1).forward(sum, inputs[7], inputs[8]);
        boolean applies = ((StripAttention) op).appliesGate();
        PlainArray y = PlainArray.zeros(n);
        Arrays.setAll(y.values(), i -> (applies ? x.values()[i] : 1) * sigmoid(z.values()[i]));
        if (!training) {
            return new PlainArray[] {y};
        }
        double[] statistics = Stream.of(rows.means(), rows.variances(), columns.means(), columns.variances())
                .flatMapToDouble(DoubleStream::of).toArray();
        return new PlainArray[] {y, new PlainArray(new int[] {4, n[1]}, statistics)};
    }

    @Override
    public List<String> goldenNames() {
        return List.of("strip_attention2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        checkEpsilon(golden);
        return golden.attribute("applyGate").asBoolean()
                ? new StripAttention(channelsLast, TrainingPhase.INFERENCE)
                : new StripAttention(channelsLast, TrainingPhase.INFERENCE, golden.array("b3").values().length);
    }
}
