// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.PoolingWindow;

/** Convolution of images as plain loops; weights [out, in, kH, kW], padding holds zeros. */
final class PlainConvolution {

    private final PoolingWindow window;

    PlainConvolution(PoolingWindow window) {
        this.window = window;
    }

    /** One that keeps the size of the map. */
    PlainConvolution(int kernel) {
        this(PoolingWindow.builder(kernel, kernel).stride(1, 1).padding(kernel / 2, kernel / 2).build());
    }

    /** The bias may be null. */
    PlainArray forward(PlainArray x, PlainArray weights, PlainArray bias) {
        int[] shape = WindowOracle.outputShape(window, x.shape());
        shape[1] = weights.shape()[0];
        PlainArray y = PlainArray.zeros(shape);
        visit(x, weights, y, (input, weight, output) -> y.values()[output] += x.values()[input] * weights.values()[weight]);
        for (int i = 0; i < y.values().length && bias != null; i++) {
            y.values()[i] += bias.values()[y.index(i)[1]];
        }
        return y;
    }

    /** Adds to the gradients; that of the bias may be null. */
    void backward(PlainArray x, PlainArray weights, PlainArray yGradient, PlainArray xGradient,
            PlainArray weightsGradient, PlainArray biasGradient) {
        visit(x, weights, yGradient, (input, weight, output) -> {
            xGradient.values()[input] += yGradient.values()[output] * weights.values()[weight];
            weightsGradient.values()[weight] += yGradient.values()[output] * x.values()[input];
        });
        for (int i = 0; i < yGradient.values().length && biasGradient != null; i++) {
            biasGradient.values()[yGradient.index(i)[1]] += yGradient.values()[i];
        }
    }

    private interface Visitor {
        void visit(int input, int weight, int output);
    }

    private void visit(PlainArray x, PlainArray weights, PlainArray y, Visitor visitor) {
        int[] n = x.shape();
        int[] k = weights.shape();
        for (int output = 0; output < y.values().length; output++) {
            int[] at = y.index(output);
            int top = WindowOracle.start(window, 0, at[2], n[2]);
            int left = WindowOracle.start(window, 1, at[3], n[3]);
            for (int weight = 0; weight < k[1] * k[2] * k[3]; weight++) {
                int row = top + weight / k[3] % k[2] * window.dilation()[0];
                int column = left + weight % k[3] * window.dilation()[1];
                if (row >= 0 && row < n[2] && column >= 0 && column < n[3]) {
                    int channel = weight / k[3] / k[2];
                    visitor.visit(((at[0] * n[1] + channel) * n[2] + row) * n[3] + column,
                            at[1] * k[1] * k[2] * k[3] + weight, output);
                }
            }
        }
    }
}
