// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.BlurPool;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Blur pooling: the matrix of the filter along each axis, times the pooled map of the oracle of the front pooling. */
public final class BlurPoolOracle extends OperatorOracle {

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = new WindowDraws(random, 1 + random.nextInt(3));
        BlurPool.Front front = WindowDraws.pick(random, List.of(BlurPool.Front.values()));
        int[] x = drawn.shape();
        PoolingWindow window = drawn.window();
        int further = random.nextInt(4) == 0 ? random.nextInt(3) : 0;
        if (front == BlurPool.Front.NONE) {
            window = PoolingWindow.builder(ones(window.dimensions()))
                    .stride(window.stride())
                    .borderMode(window.borderMode())
                    .channelsLast(window.channelsLast())
                    .masked(window.masked())
                    .build();
        }
        if (window.borderMode() == BorderMode.STRICT && (further > 0 || front == BlurPool.Front.NONE)) {
            further = 0;
            for (int a = 0; a < window.dimensions(); a++) {
                int extent = window.dilation()[a] * (window.kernel()[a] - 1) + 1;
                x[a + 2] -= (x[a + 2] + 2 * window.padding()[a] - extent) % window.stride()[a];
            }
        }
        BlurPool op = new BlurPool(window, front, 1 + random.nextInt(7),
                WindowDraws.pick(random, List.of(BlurPool.Padding.values())), further);
        PlainArray map = PlainArray.gaussian(random, 2, x);
        return window.masked() ? new OracleCase(op, map, WindowDraws.mask(x)) : new OracleCase(op, map);
    }

    private static int[] ones(int count) {
        int[] ones = new int[count];
        Arrays.fill(ones, 1);
        return ones;
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("blur_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        int k = golden.has("maxKernel") ? golden.attribute("maxKernel").asInt() : 1;
        int s = golden.attribute("stride").asInt();
        return new BlurPool(
                PoolingWindow.builder(k, k).stride(s, s).channelsLast(channelsLast).build(),
                golden.has("maxKernel") ? BlurPool.Front.MAX : BlurPool.Front.NONE,
                golden.attribute("filtSize").asInt(), golden.constant("padType", BlurPool.Padding.class),
                golden.attribute("padOff").asInt());
    }

    /** The pooling in front: its oracle and its op; null for none. */
    private static WindowOracle front(BlurPool op) {
        switch (op.front()) {
            case MAX:
                return new MaxPoolOracle();
            case AVERAGE:
                return new AveragePoolOracle();
            case SOFT:
                return new SoftPoolOracle();
            default: // with a mask the mean of windows of one: 0 where it is masked
                return op.window().masked() ? new AveragePoolOracle() : null;
        }
    }

    private static PoolingOp frontOp(BlurPool op) {
        PoolingWindow window = op.window();
        BorderMode mode = window.borderMode() == BorderMode.SAME ? BorderMode.SAME : BorderMode.TRUNCATE;
        return front(op).op(PoolingWindow.builder(window.kernel())
                .stride(ones(window.dimensions()))
                .padding(window.padding())
                .dilation(window.dilation())
                .borderMode(mode)
                .channelsLast(window.channelsLast())
                .masked(window.masked())
                .build(), null);
    }

    private static PlainArray map(BlurPool op, PlainArray... inputs) {
        WindowOracle front = front(op);
        return front == null ? inputs[0] : front.outputs(frontOp(op), inputs)[0];
    }

    /** Row i holds the parts of the elements of an axis of n in output i. */
    private static double[][] matrix(BlurPool op, int n, int outputs, int stride) {
        double[][] matrix = new double[outputs][n];
        int f = op.filterSize();
        for (int i = 0; i < outputs; i++) {
            double coefficient = Math.pow(2, 1 - f);
            for (int j = 0; j < f; j++) {
                int place = i * stride - (f - 1) / 2 - op.furtherPadding() + j;
                boolean inside = place >= 0 && place < n;
                if (op.padding() == BlurPool.Padding.REPLICATE) {
                    place = Math.max(0, Math.min(n - 1, place));
                } else if (op.padding() == BlurPool.Padding.REFLECT) {
                    while (n > 1 && (place < 0 || place >= n)) {
                        place = place < 0 ? -place : 2 * (n - 1) - place;
                    }
                    place = n == 1 ? 0 : place;
                }
                if (inside || op.padding() != BlurPool.Padding.ZERO) {
                    matrix[i][place] += coefficient;
                }
                coefficient = coefficient * (f - 1 - j) / (j + 1);
            }
        }
        return matrix;
    }

    /** One matrix for each spatial axis. */
    private static double[][][] matrices(BlurPool op, int[] map, int[] y) {
        double[][][] matrices = new double[map.length - 2][][];
        Arrays.setAll(matrices, a -> matrix(op, map[a + 2], y[a + 2], op.window().stride()[a]));
        return matrices;
    }

    /** Applies the matrices, or transposed, all axes at once. */
    private static void apply(double[][][] matrices, PlainArray map, PlainArray y, boolean transposed) {
        int[][] places = IntStream.range(0, map.values().length).mapToObj(map::index).toArray(int[][]::new);
        for (int i = 0; i < y.values().length; i++) {
            int[] out = y.index(i);
            for (int j = 0; j < places.length; j++) {
                int[] in = places[j];
                double weight = in[0] == out[0] && in[1] == out[1] ? 1 : 0;
                for (int a = 0; a < matrices.length && weight != 0; a++) {
                    weight *= matrices[a][out[a + 2]][in[a + 2]];
                }
                if (weight != 0 && transposed) {
                    map.values()[j] += weight * y.values()[i];
                } else if (weight != 0) {
                    y.values()[i] += weight * map.values()[j];
                }
            }
        }
    }

    private static int[] outputShape(BlurPool op, int[] x) {
        int[] padded = x.clone();
        for (int a = 2; a < x.length; a++) {
            padded[a] += 2 * op.furtherPadding();
        }
        return WindowOracle.outputShape(op.window(), padded);
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        BlurPool blur = (BlurPool) op;
        PlainArray map = map(blur, inputs);
        PlainArray y = PlainArray.zeros(outputShape(blur, inputs[0].shape()));
        apply(matrices(blur, map.shape(), y.shape()), map, y, false);
        return new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        BlurPool blur = (BlurPool) op;
        PlainArray gradient = PlainArray.zeros(map(blur, inputs).shape());
        apply(matrices(blur, gradient.shape(), yGradient.shape()), gradient, yGradient, true);
        WindowOracle front = front(blur);
        return front == null
                ? new PlainArray[] {gradient}
                : front.gradients(frontOp(blur), gradient, inputs);
    }
}
