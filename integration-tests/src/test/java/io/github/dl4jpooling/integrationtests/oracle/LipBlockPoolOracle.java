// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.LipBlockPool;
import io.github.dl4jpooling.ops.LipPool;
import io.github.dl4jpooling.ops.LogitNetwork;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Local importance-based pooling with its logit network: convolutions, normalisations and gates, then the pooling. */
public final class LipBlockPoolOracle extends OperatorOracle {

    private static final double EPSILON = 1e-5;

    private final LipPoolOracle poolingOracle = new LipPoolOracle();

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = new WindowDraws(random, 2);
        int[] x = drawn.shape(1 + random.nextInt(5));
        LogitNetwork network = WindowDraws.pick(random, List.of(LogitNetwork.values()));
        LipBlockPool op = new LipBlockPool(drawn.window(), network, 1 + random.nextInt(4), 0.5 + 11 * random.nextDouble());
        List<PlainArray> inputs = new ArrayList<>();
        inputs.add(PlainArray.gaussian(random, 1, x));
        long[] shape = Arrays.stream(drawn.window().channelsLast() ? new int[] {x[0], x[2], x[3], x[1]} : x)
                .asLongStream().toArray();
        for (long[] parameter : op.parameterShapes(shape).values()) {
            int[] sizes = Arrays.stream(parameter).mapToInt(Math::toIntExact).toArray();
            int fanIn = sizes.length == 1 ? 1 : sizes[1] * sizes[2] * sizes[3];
            inputs.add(PlainArray.gaussian(random, 1 / Math.sqrt(fanIn), sizes));
        }
        return new OracleCase(op, inputs.toArray(new PlainArray[0]));
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("lip2d_block");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        PoolingWindow window = golden.window(channelsLast);
        LogitNetwork network = golden.constant("logitNet", LogitNetwork.class);
        if (network != LogitNetwork.PROJECTION && golden.attribute("instanceNormEps").asDouble() != EPSILON) {
            throw new IllegalArgumentException("another epsilon");
        }
        return new LipBlockPool(
                window, network, golden.attribute("bottleneck").asInt(1), golden.attribute("coeff").asDouble(12));
    }

    @Override
    public String goldenName(String name) {
        return super.goldenName(name)
                .replace("weights", "w").replace("gain", "g").replace("shift", "be").replace("bias", "b");
    }

    /** One convolution with what follows it. */
    private static final class Stage {
        private final PlainArray x;
        private final PlainArray weights;
        private final PlainArray gain; // null: a bias in place of a normalisation
        private final PlainArray shift;
        private final double scale; // 0: rectifier
        private final PlainConvolution convolution;
        private final PlainArray normalised;
        private final double[] deviations; // of each map
        private final PlainArray y;

        Stage(PlainArray x, PlainArray weights, PlainArray gain, PlainArray shift, double scale) {
            this.x = x;
            this.weights = weights;
            this.gain = gain;
            this.shift = shift;
            this.scale = scale;
            convolution = new PlainConvolution(weights.shape()[2]);
            normalised = convolution.forward(x, weights, gain == null ? shift : null);
            int size = size();
            deviations = new double[normalised.values().length / size];
            y = new PlainArray(normalised.shape(), normalised.values().clone());
            for (int map = 0; map < deviations.length && gain != null; map++) {
                double[] z = Arrays.copyOfRange(normalised.values(), map * size, (map + 1) * size);
                double mean = Arrays.stream(z).sum() / size;
                deviations[map] = Math.sqrt(Arrays.stream(z).map(v -> (v - mean) * (v - mean)).sum() / size + EPSILON);
                for (int i = map * size; i < (map + 1) * size; i++) {
                    normalised.values()[i] = (z[i - map * size] - mean) / deviations[map];
                    y.values()[i] = gate(n(i));
                }
            }
        }

        private int size() {
            return x.shape()[2] * x.shape()[3];
        }

        private double n(int i) {
            int channel = normalised.index(i)[1];
            return normalised.values()[i] * gain.values()[channel] + shift.values()[channel];
        }

        private double gate(double n) {
            return scale == 0 ? Math.max(0, n) : scale / (1 + Math.exp(-n));
        }

        private double slope(double n) {
            double s = gate(n) / scale;
            return scale == 0 ? (n > 0 ? 1 : 0) : scale * s * (1 - s);
        }

        /** Returns the gradient of x. */
        PlainArray backward(PlainArray yGradient, PlainArray ofWeights, PlainArray ofGain, PlainArray ofShift) {
            PlainArray zGradient = yGradient;
            if (gain != null) {
                zGradient = PlainArray.zeros(y.shape());
                int size = size();
                for (int map = 0; map < deviations.length; map++) {
                    int channel = map % y.shape()[1];
                    double sum = 0;
                    double weighted = 0;
                    for (int i = map * size; i < (map + 1) * size; i++) {
                        double d = yGradient.values()[i] * slope(n(i));
                        sum += d;
                        weighted += d * normalised.values()[i];
                    }
                    ofShift.values()[channel] += sum;
                    ofGain.values()[channel] += weighted;
                    for (int i = map * size; i < (map + 1) * size; i++) {
                        double d = yGradient.values()[i] * slope(n(i));
                        zGradient.values()[i] = gain.values()[channel] / deviations[map]
                                * (d - sum / size - normalised.values()[i] * weighted / size);
                    }
                }
            }
            PlainArray xGradient = PlainArray.zeros(x.shape());
            convolution.backward(x, weights, zGradient, xGradient, ofWeights, gain == null ? ofShift : null);
            return xGradient;
        }
    }

    private static List<Stage> stages(LipBlockPool op, PlainArray... inputs) {
        if (op.network() == LogitNetwork.PROJECTION) {
            return List.of(new Stage(inputs[0], inputs[1], null, inputs[2], 0));
        }
        List<Stage> stages = new ArrayList<>();
        PlainArray x = inputs[0];
        for (int i = 1; i < inputs.length; i += 3) {
            stages.add(new Stage(x, inputs[i], inputs[i + 1], inputs[i + 2],
                    i + 3 < inputs.length ? 0 : op.coefficient()));
            x = stages.get(stages.size() - 1).y;
        }
        return stages;
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        List<Stage> stages = stages((LipBlockPool) op, inputs);
        return poolingOracle.outputs(
                new LipPool(((LipBlockPool) op).window()), inputs[0], stages.get(stages.size() - 1).y);
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        List<Stage> stages = stages((LipBlockPool) op, inputs);
        PlainArray[] ofPooling = poolingOracle.gradients(new LipPool(((LipBlockPool) op).window()), yGradient,
                inputs[0], stages.get(stages.size() - 1).y);
        PlainArray[] gradients =
                Arrays.stream(inputs).map(input -> PlainArray.zeros(input.shape())).toArray(PlainArray[]::new);
        PlainArray gradient = ofPooling[1];
        for (int i = stages.size() - 1; i >= 0; i--) {
            int first = 3 * i + 1;
            boolean plain = inputs.length == 3;
            gradient = stages.get(i).backward(
                    gradient, gradients[first], plain ? null : gradients[first + 1], gradients[first + (plain ? 1 : 2)]);
        }
        for (int i = 0; i < gradient.values().length; i++) {
            gradients[0].values()[i] = ofPooling[0].values()[i] + gradient.values()[i];
        }
        return gradients;
    }
}
