// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.Arrays;

/**
 * GoogLeNet (Inception v1): nine inception blocks. Maximum pooling of overlapping 3x3 windows between stages ("pool1"
 * to "pool4"), and without stride inside each block ("3a-pool" to "5b-pool").
 *
 * <p>As most implementations since: batch normalization behind each convolution in place of local response
 * normalization, and no auxiliary classifiers.
 *
 * <p>Small images (a side below 64): a 3x3 convolution for first stage, no "pool1" and "pool2".
 *
 * <p>Paper: C. Szegedy et al.: "Going deeper with convolutions", CVPR 2015.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class GoogLeNet extends GraphModel {
    private static final double RETAINED = 0.6;

    private GoogLeNet(Builder builder) {
        super(builder);
    }

    /** @return a builder for 1000 classes of 3x224x224 */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void addLayers(GraphLayers layers) {
        String last;
        if (isSmall()) {
            last = layers.unit("conv2", INPUT, layers.channels(192), 3, 1);
        } else {
            last = layers.unit("conv1", INPUT, layers.channels(64), 7, 2);
            last = layers.pool("pool1", last, Pooling.max(), GraphLayers.overlapping());
            last = layers.unit("conv2-reduce", last, layers.channels(64), 1, 1);
            last = layers.unit("conv2", last, layers.channels(192), 3, 1);
            last = layers.pool("pool2", last, Pooling.max(), GraphLayers.overlapping());
        }
        last = inception(layers, "3a", last, 64, 96, 128, 16, 32, 32);
        last = inception(layers, "3b", last, 128, 128, 192, 32, 96, 64);
        last = layers.pool("pool3", last, Pooling.max(), GraphLayers.overlapping());
        last = inception(layers, "4a", last, 192, 96, 208, 16, 48, 64);
        last = inception(layers, "4b", last, 160, 112, 224, 24, 64, 64);
        last = inception(layers, "4c", last, 128, 128, 256, 24, 64, 64);
        last = inception(layers, "4d", last, 112, 144, 288, 32, 64, 64);
        last = inception(layers, "4e", last, 256, 160, 320, 32, 128, 128);
        last = layers.pool("pool4", last, Pooling.max(), GraphLayers.overlapping());
        last = inception(layers, "5a", last, 256, 160, 320, 32, 128, 128);
        last = inception(layers, "5b", last, 384, 192, 384, 48, 128, 128);
        last = layers.dropout("dropout", layers.globalAverage("average", last), RETAINED);
        layers.classes(last, numClasses());
    }

    /** Four branches: 1x1; 1x1 and 3x3; 1x1 and 5x5; pooling and 1x1. Numbers are channels, in this order. */
    private static String inception(GraphLayers layers, String name, String input, int... numbers) {
        int[] channels = Arrays.stream(numbers).map(layers::channels).toArray();
        PoolingWindow window = PoolingWindow.builder(3, 3).stride(1, 1).padding(1, 1).build();
        String one = layers.unit(name + "-1x1", input, channels[0], 1, 1);
        String three = layers.unit(name + "-3x3-reduce", input, channels[1], 1, 1);
        three = layers.unit(name + "-3x3", three, channels[2], 3, 1);
        String five = layers.unit(name + "-5x5-reduce", input, channels[3], 1, 1);
        five = layers.unit(name + "-5x5", five, channels[4], 5, 1);
        String pool = layers.pool(name + "-pool", input, Pooling.max(), window);
        pool = layers.unit(name + "-pool-1x1", pool, channels[5], 1, 1);
        return layers.concatenate(name, one, three, five, pool);
    }

    /** Builds a {@link GoogLeNet}. */
    public static final class Builder extends GraphModel.Builder<Builder> {

        private Builder() {
            super(1000, 3, 224, 224);
        }

        @Override
        public GoogLeNet build() {
            return new GoogLeNet(this);
        }
    }
}
