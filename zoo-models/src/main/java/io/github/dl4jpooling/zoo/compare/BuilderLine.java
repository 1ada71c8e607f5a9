// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.layers.conf.DppPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Java code that makes a pooling. */
final class BuilderLine {
    private BuilderLine() {}

    /** The line for a configuration. */
    static String of(String pooling, PoolingWindow window) {
        Layer layer = Pooling.named(pooling).layer(window, null);
        String kernel = numbers(window.kernel());
        String stride = ".stride(" + numbers(window.stride()) + ")";
        if (layer instanceof SubsamplingLayer) {
            SubsamplingLayer own = (SubsamplingLayer) layer;
            String norm = own.getPnorm() > 0 ? ".pnorm(" + own.getPnorm() + ")" : "";
            return ".layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType." + own.getPoolingType()
                    + ").kernelSize(" + kernel + ")" + stride + norm + ".build())";
        }
        String full = layer instanceof DppPooling && ((DppPooling) layer).isFull() ? ".full(true)" : "";
        return ".layer(new " + layer.getClass().getSimpleName() + ".Builder(" + kernel + ")" + stride + full
                + ".build())";
    }

    /** The line for a network that is there. */
    static String swap(String pooling) {
        return "PoolingSwap.to(Pooling.named(\"" + pooling + "\")).apply(network)";
    }

    private static String numbers(int[] values) {
        return Arrays.stream(values).mapToObj(Integer::toString).collect(Collectors.joining(", "));
    }
}
