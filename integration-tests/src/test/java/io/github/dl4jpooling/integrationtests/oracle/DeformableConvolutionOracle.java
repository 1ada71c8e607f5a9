// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.DeformableAveragePool;
import io.github.dl4jpooling.ops.DeformableConvolution;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * Deformable convolution. The samples of a place are deformable average pooling with all other factors 0; these are
 * multiplied by the weights.
 */
public final class DeformableConvolutionOracle extends OperatorOracle {

    private static final double MOST_COST = 3e6;

    private final DeformableAveragePoolOracle averageOracle = new DeformableAveragePoolOracle();

    @Override
    public OracleCase draw(Random random) {
        OracleCase average = averageOracle.draw(random);
        while (cost(average) > MOST_COST) {
            average = averageOracle.draw(random);
        }
        DeformableAveragePool places = (DeformableAveragePool) average.op();
        PoolingWindow window = places.window();
        int channels = average.inputs()[0].shape()[1];
        int groups = channels % 2 == 0 && random.nextBoolean() ? 2 : random.nextInt(4) == 0 ? channels : 1;
        int outputs = groups * (1 + random.nextInt(groups > 4 ? 1 : 9));
        boolean bias = random.nextBoolean();
        DeformableConvolution op = new DeformableConvolution(
                window, outputs, groups, places.groups(), places.isModulated(), bias);
        List<PlainArray> inputs = new ArrayList<>(Arrays.asList(average.inputs()));
        inputs.add(PlainArray.gaussian(random, 1, outputs, channels / groups, window.kernel()[0],
                window.kernel()[1]));
        if (bias) {
            inputs.add(PlainArray.gaussian(random, 1, outputs));
        }
        return new OracleCase(op, inputs.toArray(new PlainArray[0]));
    }

    /** Elements read by the plain loops, for each place all of them. */
    private static double cost(OracleCase average) {
        int[] x = average.inputs()[0].shape();
        int[] offset = average.inputs()[1].shape();
        int[] kernel = ((DeformableAveragePool) average.op()).window().kernel();
        double taps = (double) kernel[0] * kernel[1];
        return taps * taps * x[0] * x[1] * x[2] * x[3] * offset[2] * offset[3];
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("deform_conv2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        PoolingWindow window = golden.window(channelsLast);
        int taps = window.kernel()[0] * window.kernel()[1];
        int[] weights = golden.array("weight").shape();
        return new DeformableConvolution(window, weights[0], golden.array("x").shape()[1] / weights[1],
                golden.array("offset").shape()[1] / 2 / taps, golden.hasArray("mask"), golden.hasArray("bias"));
    }

    @Override
    public String goldenName(String name) {
        return name.equals("weights") ? "weight" : super.goldenName(name);
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return !name.equals("weights") && !name.equals("bias");
    }

    private static DeformableAveragePool places(DeformableConvolution op) {
        return new DeformableAveragePool(op.window(), op.offsetGroups(), true, true);
    }

    private static int taps(DeformableConvolution op) {
        return op.window().kernel()[0] * op.window().kernel()[1];
    }

    /** Inputs of the pooling that leaves one place: factors K times as large there, and 0 elsewhere. */
    private static PlainArray[] only(DeformableConvolution op, int tap, PlainArray... inputs) {
        int taps = taps(op);
        int[] shape = inputs[1].shape();
        shape[1] /= 2;
        PlainArray factors = PlainArray.zeros(shape);
        for (int i = 0; i < factors.values().length; i++) {
            double mask = op.isModulated() ? inputs[2].values()[i] : 1;
            factors.values()[i] = factors.index(i)[1] % taps == tap ? taps * mask : 0;
        }
        return new PlainArray[] {inputs[0], inputs[1], factors};
    }

    private static PlainArray weights(DeformableConvolution op, PlainArray... inputs) {
        return inputs[op.isModulated() ? 3 : 2];
    }

    /** Calls visit(position in y, position among the samples, position of the weight of tap 0). */
    private static void visit(DeformableConvolution op, PlainArray y, PlainArray samples, PlainArray weights,
            Visit visit) {
        int outputs = y.shape()[1];
        int ofGroup = weights.shape()[1];
        int places = y.shape()[2] * y.shape()[3];
        int channels = samples.shape()[1];
        for (int i = 0; i < y.values().length; i++) {
            int batch = i / places / outputs;
            int output = i / places % outputs;
            int first = output / (outputs / op.groups()) * ofGroup;
            for (int c = 0; c < ofGroup; c++) {
                visit.at(i, (batch * channels + first + c) * places + i % places, (output * ofGroup + c) * taps(op));
            }
        }
    }

    private interface Visit {
        void at(int y, int sample, int weight);
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        DeformableConvolution convolution = (DeformableConvolution) op;
        int[] shape = WindowOracle.outputShape(convolution.window(), inputs[0].shape());
        PlainArray weights = weights(convolution, inputs);
        shape[1] = weights.shape()[0];
        PlainArray y = PlainArray.zeros(shape);
        int places = shape[2] * shape[3];
        for (int i = 0; convolution.hasBias() && i < y.values().length; i++) {
            y.values()[i] = inputs[inputs.length - 1].values()[i / places % shape[1]];
        }
        for (int tap = 0; tap < taps(convolution); tap++) {
            PlainArray samples =
                    averageOracle.outputs(places(convolution), only(convolution, tap, inputs))[0];
            int k = tap;
            visit(convolution, y, samples, weights, (i, sample, weight) -> y.values()[i] +=
                    weights.values()[weight + k] * samples.values()[sample]);
        }
        return new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        DeformableConvolution convolution = (DeformableConvolution) op;
        PlainArray[] gradients =
                Arrays.stream(inputs).map(input -> PlainArray.zeros(input.shape())).toArray(PlainArray[]::new);
        PlainArray weights = weights(convolution, inputs);
        PlainArray weightGradient = weights(convolution, gradients);
        int taps = taps(convolution);
        for (int tap = 0; tap < taps; tap++) {
            PlainArray[] arguments = only(convolution, tap, inputs);
            PlainArray samples = averageOracle.outputs(places(convolution), arguments)[0];
            PlainArray ofSamples = PlainArray.zeros(samples.shape());
            int k = tap;
            visit(convolution, yGradient, samples, weights, (i, sample, weight) -> {
                double g = yGradient.values()[i];
                ofSamples.values()[sample] += g * weights.values()[weight + k];
                weightGradient.values()[weight + k] += g * samples.values()[sample];
            });
            PlainArray[] ofPlaces = averageOracle.gradients(places(convolution), ofSamples, arguments);
            for (int input = 0; input < 2; input++) {
                for (int i = 0; i < ofPlaces[input].values().length; i++) {
                    gradients[input].values()[i] += ofPlaces[input].values()[i];
                }
            }
            for (int i = 0; convolution.isModulated() && i < ofPlaces[2].values().length; i++) {
                if (ofPlaces[2].index(i)[1] % taps == tap) {
                    gradients[2].values()[i] += taps * ofPlaces[2].values()[i];
                }
            }
        }
        if (convolution.hasBias()) {
            int places = yGradient.shape()[2] * yGradient.shape()[3];
            for (int i = 0; i < yGradient.values().length; i++) {
                gradients[gradients.length - 1].values()[i / places % yGradient.shape()[1]] += yGradient.values()[i];
            }
        }
        return gradients;
    }
}
