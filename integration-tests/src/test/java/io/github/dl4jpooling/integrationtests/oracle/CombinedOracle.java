// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.AveragePool;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.CombinedOp;
import io.github.dl4jpooling.ops.LogMeanExpPool;
import io.github.dl4jpooling.ops.LpPool;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.MedianPool;
import io.github.dl4jpooling.ops.MinPool;
import io.github.dl4jpooling.ops.PnormPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.RangePool;
import io.github.dl4jpooling.ops.SoftPool;
import io.github.dl4jpooling.ops.SumPool;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.nd4j.shade.jackson.databind.JsonNode;

/** A pooling made of others, each of which is left to its own oracle. */
abstract class CombinedOracle extends OperatorOracle {

    /** Those that give a single element as it is, so that an oracle and a kernel never choose different ones. */
    private static final List<Function<PoolingWindow, PoolingOp>> EXACT =
            List.of(MaxPool::new, AveragePool::new, MinPool::new, MedianPool::new);

    private static final List<Function<PoolingWindow, PoolingOp>> MORE = List.of(
            SumPool::new, SoftPool::new, RangePool::new, window -> new PnormPool(window, 3),
            window -> new LpPool(window, 2), window -> new LogMeanExpPool(window, 1.5),
            window -> new AveragePool(window, true));

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    static List<PoolingOp> parts(PoolingOp op) {
        return ((CombinedOp) op).parts();
    }

    static PlainArray pool(PoolingOp part, PlainArray x) {
        return Conventions.oracle(part.operator()).outputs(part, x)[0];
    }

    static PlainArray gradient(PoolingOp part, PlainArray yGradient, PlainArray x) {
        return Conventions.oracle(part.operator()).gradients(part, yGradient, x)[0];
    }

    static void add(PlainArray sum, PlainArray term) {
        Arrays.setAll(sum.values(), i -> sum.values()[i] + term.values()[i]);
    }

    /** A pooling with a window, of any kind or one of the exact ones. */
    static PoolingOp drawn(PoolingWindow window, boolean exact, Random random) {
        boolean plain = exact || random.nextBoolean();
        return WindowDraws.pick(random, plain ? EXACT : MORE).apply(window);
    }

    /** Another window, of which there are as many on every map. */
    static PoolingWindow similar(PoolingWindow window, Random random) {
        int[] kernel = window.kernel();
        int[] padding = window.padding();
        int axis = random.nextInt(kernel.length);
        if (window.borderMode() == BorderMode.SAME) {
            kernel[axis] = 1 + random.nextInt(4);
        } else if (window.borderMode() != BorderMode.CEIL && random.nextBoolean()) {
            kernel[axis] += 2;
            padding[axis] += window.dilation()[axis];
        }
        return PoolingWindow.builder(kernel)
                .stride(window.stride())
                .padding(padding)
                .dilation(window.dilation())
                .borderMode(window.borderMode())
                .channelsLast(window.channelsLast())
                .build();
    }

    /** A pooling that fits on every map: a window in mode SAME, or a grid of cells. */
    static PoolingOp fitting(int dimensions, boolean channelsLast, Random random) {
        int[] sizes = random.ints(dimensions, 1, 4).toArray();
        switch (random.nextInt(4)) {
            case 0:
                return new AdaptiveAvgPool(channelsLast, sizes);
            case 1:
                return new AdaptiveMaxPool(channelsLast, sizes);
            default:
                PoolingWindow window = PoolingWindow.builder(sizes)
                        .stride(random.ints(dimensions, 1, 3).toArray())
                        .borderMode(BorderMode.SAME)
                        .channelsLast(channelsLast)
                        .build();
                return drawn(window, false, random);
        }
    }

    /** A pooling of a golden case. */
    static PoolingOp part(JsonNode json, boolean channelsLast) {
        boolean isMaximum = json.path("type").asText().equals("max");
        if (!isMaximum && !json.path("type").asText().equals("avg")) {
            throw new IllegalArgumentException("another type: " + json);
        }
        if (json.path("global").asBoolean()) {
            return isMaximum ? new AdaptiveMaxPool(channelsLast, 1, 1) : new AdaptiveAvgPool(channelsLast, 1, 1);
        }
        PoolingWindow window = PoolingWindow.builder(sizes(json, "kernel"))
                .stride(sizes(json, "stride"))
                .padding(sizes(json, "padding"))
                .channelsLast(channelsLast)
                .build();
        return isMaximum ? new MaxPool(window) : new AveragePool(window);
    }

    private static int[] sizes(JsonNode json, String name) {
        return new int[] {json.path(name).path(0).asInt(-1), json.path(name).path(1).asInt(-1)};
    }

    static PoolingOp[] parts(JsonNode json, boolean channelsLast) {
        PoolingOp[] parts = new PoolingOp[json.size()];
        Arrays.setAll(parts, i -> part(json.path(i), channelsLast));
        return parts;
    }
}
