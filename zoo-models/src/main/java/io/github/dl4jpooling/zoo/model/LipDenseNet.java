// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.layers.conf.LipPooling;
import io.github.dl4jpooling.zoo.swap.Pooling;

/**
 * LIP-DenseNet-121: DenseNet-BC whose maximum after the first convolution ("stem-pool") is local importance-based
 * pooling with the simplified logit network, and whose average pooling between dense blocks ("transition1-pool" to
 * "transition3-pool") is one of 2x2 windows with the bottleneck logit network.
 *
 * <p>Small images (a side below 64): a 3x3 convolution for first stage, no "stem-pool".
 *
 * <p>Papers: Z. Gao, L. Wang, G. Wu: "LIP: local importance-based pooling", ICCV 2019; G. Huang, Z. Liu, L. van der
 * Maaten, K. Weinberger: "Densely connected convolutional networks", CVPR 2017.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class LipDenseNet extends GraphModel {
    private static final int[] BLOCKS = {6, 12, 24, 16};
    private static final int GROWTH = 32;
    private static final int FIRST = 64;
    private static final int BOTTLENECK = 4;

    private LipDenseNet(Builder builder) {
        super(builder);
    }

    /** @return a builder for 1000 classes of 3x224x224 */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void addLayers(GraphLayers layers) {
        int growth = layers.channels(GROWTH);
        int channels = layers.channels(FIRST);
        Pooling simplified = Pooling.of("lip", LipPooling.Builder::new);
        String last = layers.stem(INPUT, channels, isSmall(), simplified, GraphLayers.overlapping());
        for (int block = 0; block < BLOCKS.length; block++) {
            String blockName = "block" + (block + 1);
            for (int i = 0; i < BLOCKS[block]; i++) {
                last = denseLayer(layers, blockName + "-layer" + (i + 1), last, growth);
            }
            channels += BLOCKS[block] * growth;
            if (block < BLOCKS.length - 1) {
                channels /= 2;
                last = transition(layers, "transition" + (block + 1), last, channels);
            }
        }
        last = layers.relu("last-relu", layers.batchNorm("last-bn", last, 1));
        layers.classes(layers.globalAverage("average", last), numClasses());
    }

    /** Normalization, ReLU, 1x1, normalization, ReLU, 3x3; the result joins the input. */
    private static String denseLayer(GraphLayers layers, String name, String input, int growth) {
        String last = layers.relu(name + "-relu", layers.batchNorm(name + "-bn", input, 1));
        last = layers.unit(name + "-conv1", last, BOTTLENECK * growth, 1, 1);
        last = layers.plain(name + "-conv2", last, growth, 3);
        return layers.concatenate(name, input, last);
    }

    private static String transition(GraphLayers layers, String name, String input, int channels) {
        String last = layers.relu(name + "-relu", layers.batchNorm(name + "-bn", input, 1));
        last = layers.plain(name + "-conv", last, channels, 1);
        return layers.pool(name + "-pool", last, LipResNet.lip(layers), GraphLayers.halving());
    }

    /** Builds a {@link LipDenseNet}. */
    public static final class Builder extends GraphModel.Builder<Builder> {

        private Builder() {
            super(1000, 3, 224, 224);
        }

        @Override
        public LipDenseNet build() {
            return new LipDenseNet(this);
        }
    }
}
