// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.SpanOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Pooling of some steps of a sequence with weights: for each output the steps are looked up anew. */
abstract class SpanOracle extends OperatorOracle {

    /** The steps of an output, in the order in which the first of equal ones counts. */
    abstract List<Integer> steps(SpanOp op, int example, int channel, int place, PlainArray... inputs);

    /** Weights of these steps. */
    abstract double[] weights(SpanOp op, int[] at, List<Integer> steps, PlainArray... inputs);

    /** Channels of the output, and its length. */
    abstract int[] outputSizes(SpanOp op, PlainArray... inputs);

    static boolean isTaken(SpanOp op, int example, int step, PlainArray... inputs) {
        int mask = op.inputNames().indexOf(SpanOp.MASK);
        return mask < 0 || inputs[mask].values()[example * inputs[0].shape()[2] + step] != 0;
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        SpanOp spanOp = (SpanOp) op;
        int[] x = inputs[0].shape();
        int[] sizes = outputSizes(spanOp, inputs);
        PlainArray y = PlainArray.zeros(x[0], sizes[0], sizes[1]);
        PlainArray index = PlainArray.zeros(y.shape());
        for (int i = 0; i < y.values().length; i++) {
            int[] at = y.index(i);
            List<Integer> steps = steps(spanOp, at[0], at[1], at[2], inputs);
            double[] values = steps.stream()
                    .mapToDouble(step -> inputs[0].values()[(at[0] * x[1] + at[1] % x[1]) * x[2] + step])
                    .toArray();
            index.values()[i] = -1;
            if (steps.isEmpty()) {
                continue;
            }
            if (spanOp.kind() == SpanOp.Kind.MAX) {
                int largest = largest(values);
                y.values()[i] = values[largest];
                index.values()[i] = steps.get(largest);
                continue;
            }
            double[] weights = weights(spanOp, at, steps, inputs);
            double sum = 0;
            for (int j = 0; j < values.length; j++) {
                sum += weights[j] * values[j];
            }
            y.values()[i] = spanOp.kind() == SpanOp.Kind.MEAN ? sum / Arrays.stream(weights).sum() : sum;
        }
        return spanOp.kind() == SpanOp.Kind.MAX ? new PlainArray[] {y, index} : new PlainArray[] {y};
    }

    /** With a = exp(-u), da / d ln tau = a u = -a ln a. */
    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        SpanOp spanOp = (SpanOp) op;
        int[] x = inputs[0].shape();
        PlainArray[] gradients = new PlainArray[op.differentiableInputs()];
        Arrays.setAll(gradients, i -> PlainArray.zeros(inputs[i].shape()));
        PlainArray[] outputs = outputs(op, inputs);
        for (int i = 0; i < yGradient.values().length; i++) {
            int[] at = yGradient.index(i);
            int row = (at[0] * x[1] + at[1] % x[1]) * x[2];
            double g = yGradient.values()[i];
            List<Integer> steps = steps(spanOp, at[0], at[1], at[2], inputs);
            if (spanOp.kind() == SpanOp.Kind.MAX && !steps.isEmpty()) {
                gradients[0].values()[row + (int) outputs[1].values()[i]] += g;
                continue;
            }
            double[] weights = spanOp.kind() == SpanOp.Kind.MAX ? new double[0] : weights(spanOp, at, steps, inputs);
            boolean mean = spanOp.kind() == SpanOp.Kind.MEAN;
            double total = mean ? Arrays.stream(weights).sum() : 1;
            for (int j = 0; j < weights.length; j++) {
                gradients[0].values()[row + steps.get(j)] += g * weights[j] / total;
                if (gradients.length > 1 && weights[j] > 0) {
                    double value = inputs[0].values()[row + steps.get(j)] - (mean ? outputs[0].values()[i] : 0);
                    gradients[1].values()[at[1] % x[1]] -= g * weights[j] * Math.log(weights[j]) * value / total;
                }
            }
        }
        return gradients;
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    /** Special values for maxima; the limits of weighted sums are not defined. */
    static PlainArray map(Random random, SpanOp.Kind kind, int limit) {
        PlainArray x = CellOracle.map(random, CellOracle.sizes(random, 1, limit));
        return kind == SpanOp.Kind.MAX ? x : PlainArray.gaussian(random, 2, x.shape());
    }

    private static int largest(double[] values) {
        int largest = 0;
        for (int i = 1; i < values.length; i++) {
            boolean isNan = Double.isNaN(values[i]) && !Double.isNaN(values[largest]);
            largest = isNan || values[i] > values[largest] ? i : largest;
        }
        return largest;
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return super.isMap(op, name) || name.equals("index");
    }
}
