// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.DpidPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Detail-preserving downscaling. */
public final class DpidPoolOracle extends OperatorOracle {

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = new WindowDraws(random, 1 + random.nextInt(3));
        int[] shape = drawn.shape(1 + random.nextInt(2));
        shape[0] = 1 + random.nextInt(2);
        DpidPool op = new DpidPool(drawn.window(), 0.5 + 2 * random.nextDouble());
        PlainArray x = PlainArray.gaussian(random, 1, shape);
        return drawn.window().masked() ? new OracleCase(op, x, WindowDraws.mask(shape)) : new OracleCase(op, x);
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public double errorFactor() {
        return 20;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("dpid_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new DpidPool(golden.window(channelsLast), golden.attribute("lambda").asDouble());
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        PlainArray y = PlainArray.zeros(WindowOracle.outputShape(((DpidPool) op).window(), inputs[0].shape()));
        Dual[] values = values((DpidPool) op, inputs, y, false);
        for (int i = 0; i < values.length; i++) {
            y.values()[i] = values[i].value();
        }
        return new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray gradient = PlainArray.zeros(inputs[0].shape());
        Dual[] values = values((DpidPool) op, inputs, yGradient, true);
        for (int i = 0; i < values.length; i++) {
            for (int j = 0; j < gradient.values().length; j++) {
                gradient.values()[j] += yGradient.values()[i] * values[i].derivative(j);
            }
        }
        return new PlainArray[] {gradient};
    }

    private static Dual[] values(DpidPool op, PlainArray[] inputs, PlainArray y, boolean differentiate) {
        PlainArray x = inputs[0];
        int n = x.values().length;
        Dual[][] windows = new Dual[y.values().length][];
        Dual[] averages = new Dual[windows.length];
        for (int i = 0; i < windows.length; i++) {
            List<Dual> elements = new ArrayList<>();
            int[] at = y.index(i);
            for (int j = 0; j < n; j++) {
                int[] place = x.index(j);
                if (contains(op.window(), at, place, x.shape())
                        && WindowOracle.isElement(op.window(), inputs, place[0], place[2])) {
                    double value = x.values()[j];
                    elements.add(differentiate ? Dual.variable(value, j, n) : Dual.constant(value));
                }
            }
            windows[i] = elements.toArray(new Dual[0]);
            averages[i] = windows[i].length > 0 ? Dual.mean(windows[i])
                    : op.window().masked() ? null : Dual.constant(0);
        }
        Dual[] values = new Dual[windows.length];
        for (int i = 0; i < windows.length; i++) {
            values[i] = value(windows[i], smoothed(averages, y, i), op.lambda());
        }
        return values;
    }

    private static Dual value(Dual[] window, Dual smoothed, double lambda) {
        Dual weights = Dual.constant(0);
        Dual weighted = Dual.constant(0);
        for (Dual x : window) {
            Dual distance = x.minus(smoothed).abs();
            Dual weight = distance.value() == 0 ? Dual.constant(0) : distance.pow(lambda);
            weights = weights.plus(weight);
            weighted = weighted.plus(weight.times(x));
        }
        return window.length == 0 ? Dual.constant(0) : weights.value() == 0 ? smoothed : weighted.over(weights);
    }

    private static boolean contains(PoolingWindow window, int[] output, int[] input, int[] shape) {
        boolean inside = output[0] == input[0] && output[1] == input[1];
        for (int a = 0; a < window.dimensions(); a++) {
            int distance = input[a + 2] - WindowOracle.start(window, a, output[a + 2], shape[a + 2]);
            int dilation = window.dilation()[a];
            inside &= distance >= 0 && distance % dilation == 0 && distance / dilation < window.kernel()[a];
        }
        return inside;
    }

    private static Dual smoothed(Dual[] averages, PlainArray y, int place) {
        int[] at = y.index(place);
        double weights = 0;
        Dual weighted = Dual.constant(0);
        for (int i = 0; i < averages.length; i++) {
            int[] other = y.index(i);
            double weight = averages[i] != null && other[0] == at[0] && other[1] == at[1] ? 1 : 0;
            for (int a = 2; a < at.length; a++) {
                weight *= Math.max(0, 2 - Math.abs(other[a] - at[a]));
            }
            weights += weight;
            weighted = weight == 0 ? weighted : weighted.plus(averages[i].times(weight));
        }
        return weights == 0 ? weighted : weighted.over(weights);
    }
}
