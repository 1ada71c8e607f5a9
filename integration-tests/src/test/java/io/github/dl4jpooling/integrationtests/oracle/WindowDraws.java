// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Kernel, stride, padding, dilation, border mode, sizes and order of axes drawn at random. */
public final class WindowDraws {

    private static final int FEW_TAPS = 6;

    private final PoolingWindow window;
    private final int[] shape;

    /** A window of the given number of dimensions, and the shape of a map it fits on. */
    WindowDraws(Random random, int dimensions) {
        BorderMode mode = pick(random, Arrays.asList(BorderMode.values()));
        int[] kernel = new int[dimensions];
        int[] stride = new int[dimensions];
        int[] padding = new int[dimensions];
        int[] dilation = new int[dimensions];
        shape = new int[dimensions + 2];
        shape[0] = 1 + random.nextInt(3);
        shape[1] = 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 5);
        for (int a = 0; a < dimensions; a++) {
            kernel[a] = 1 + random.nextInt(dimensions == 3 ? 3 : 5);
            stride[a] = 1 + random.nextInt(random.nextInt(3) == 0 ? 6 : 3);
            dilation[a] = 1 + (random.nextBoolean() ? 0 : random.nextInt(3));
            int extent = dilation[a] * (kernel[a] - 1) + 1;
            padding[a] = mode == BorderMode.SAME ? 0 : random.nextInt(Math.min(extent, 5));
            int least = mode == BorderMode.SAME ? 1 : Math.max(1, extent - 2 * padding[a]);
            int steps = random.nextInt(a == dimensions - 1 ? 20 : 6 - dimensions);
            shape[a + 2] = mode == BorderMode.STRICT
                    ? extent - 2 * padding[a] + stride[a] * steps
                    : least + random.nextInt(stride[a]) + stride[a] * steps;
            while (shape[a + 2] < 1) {
                shape[a + 2] += stride[a];
            }
        }
        window = PoolingWindow.builder(kernel)
                .stride(stride)
                .padding(padding)
                .dilation(dilation)
                .borderMode(mode)
                .channelsLast(random.nextBoolean())
                .masked(dimensions == 1 && (shape[1] + shape[2]) % 2 == 0)
                .build();
    }

    /** The mask of sequences of a shape, of all kinds. */
    static PlainArray mask(int... shape) {
        Random random = new Random(Arrays.hashCode(shape));
        return pick(random, Arrays.asList(StepMasks.values())).draw(random, shape[0], shape[2]);
    }

    private WindowDraws(PoolingWindow window, int... shape) {
        this.window = window;
        this.shape = shape;
    }

    /** The same with few taps, for oracles whose differences take a while for each, and without a mask. */
    static WindowDraws ofFewTaps(Random random, int dimensions) {
        WindowDraws drawn = new WindowDraws(random, dimensions);
        while (Arrays.stream(drawn.window.kernel()).reduce(1, (a, b) -> a * b) > FEW_TAPS) {
            drawn = new WindowDraws(random, dimensions);
        }
        PoolingWindow window = drawn.window;
        return new WindowDraws(PoolingWindow.builder(window.kernel())
                .stride(window.stride())
                .padding(window.padding())
                .dilation(window.dilation())
                .borderMode(window.borderMode())
                .channelsLast(window.channelsLast())
                .build(), drawn.shape);
    }

    PoolingWindow window() {
        return window;
    }

    /** Batch, channels, spatial sizes. */
    int[] shape() {
        return shape.clone();
    }

    /** The same with another number of channels. */
    int[] shape(int channels) {
        int[] result = shape();
        result[1] = channels;
        return result;
    }

    /** A case of the given number of dimensions. */
    public static OracleCase draw(WindowOracle oracle, Random random, int dimensions) {
        WindowDraws drawn = new WindowDraws(random, dimensions);
        WindowOp op = oracle.op(drawn.window(), random);
        return new OracleCase(op, oracle.inputs(op, random, drawn.shape()));
    }

    /** One of several. */
    public static <T> T pick(Random random, List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
