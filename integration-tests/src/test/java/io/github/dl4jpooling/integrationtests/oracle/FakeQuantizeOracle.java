// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.FakeQuantize;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.Quantization;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;

/** Fake quantisation: every number to the nearest of the grid; the gradient passes where the grid has not ended. */
public final class FakeQuantizeOracle extends OperatorOracle {

    /** A quantization with scales that are powers of 2, so that 16 bits hold its numbers too. */
    static Quantization quantization(Random random, int channels) {
        DataType type = random.nextBoolean() ? DataType.INT8 : DataType.UINT8;
        int count = random.nextBoolean() ? channels : 1;
        double[] scales = new double[count];
        int[] zeroPoints = new int[count];
        for (int c = 0; c < count; c++) {
            scales[c] = Math.pow(2, random.nextInt(12) - 8);
            zeroPoints[c] = random.nextInt(256) - (type == DataType.INT8 ? 128 : 0);
        }
        return Quantization.perChannel(type, scales, zeroPoints);
    }

    @Override
    public OracleCase draw(Random random) {
        int[] shape = new int[2 + random.nextInt(4)];
        Arrays.setAll(shape, axis -> 1 + random.nextInt(axis == shape.length - 1 ? 40 : 5));
        Quantization q = quantization(random, shape[1]);
        PlainArray x = PlainArray.zeros(shape);
        for (int i = 0; i < x.values().length; i++) {
            // Not near the middle between two numbers, where the types' roundings differ; some beyond the ends.
            int channel = x.index(i)[1];
            double steps = random.nextInt(330) - 36 + q.least() - q.zeroPoint(channel);
            x.values()[i] = q.scale(channel) * (steps + 0.25 * (random.nextInt(3) - 1));
        }
        return new OracleCase(new FakeQuantize(q, random.nextBoolean()), x);
    }

    /** Position on the grid, in steps from its least number. */
    private static double code(Quantization q, int channel, double x) {
        return Math.rint(x / q.scale(channel)) + q.zeroPoint(channel) - q.least();
    }

    private static Quantization of(PoolingOp op) {
        return ((FakeQuantize) op).quantization();
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        PlainArray y = PlainArray.zeros(inputs[0].shape());
        Quantization q = of(op);
        for (int i = 0; i < y.values().length; i++) {
            int channel = y.index(i)[1];
            double code = Math.max(0, Math.min(255, code(q, channel, inputs[0].values()[i])));
            y.values()[i] = q.scale(channel) * (code + q.least() - q.zeroPoint(channel));
        }
        return new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray gradient = PlainArray.zeros(inputs[0].shape());
        for (int i = 0; i < gradient.values().length; i++) {
            double code = code(of(op), gradient.index(i)[1], inputs[0].values()[i]);
            gradient.values()[i] = code < 0 || code > 255 ? 0 : yGradient.values()[i];
        }
        return new PlainArray[] {gradient};
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    /** The gradient is that of the numbers before rounding, by definition. */
    @Override
    public boolean isContinuous(PoolingOp op, int input, int element) {
        return false;
    }
}
