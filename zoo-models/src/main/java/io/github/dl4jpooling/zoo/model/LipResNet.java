// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.layers.conf.LipPooling;
import io.github.dl4jpooling.ops.LogitNetwork;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.Map;

/**
 * LIP-ResNet: ResNet that downsamples by local importance alone, but for its first convolution. "stem-pool" has the
 * simplified logit network; the first block of stages 2 to 4 pools with the bottleneck logit network: in place of its
 * 3x3 convolution with stride 2 ("stage2-block1-pool"), and before the 1x1 convolution of its shortcut
 * ("stage2-block1-shortcut-pool").
 *
 * <p>Differs from the authors' code: there the two poolings of a block share the first two convolutions of their logit
 * networks, on the block's input; here each has its own, on what it pools, so that a pooling is one layer, which can be
 * exchanged. That is 558,592 parameters more.
 *
 * <p>Small images (a side below 64): a 3x3 convolution for first stage, no "stem-pool".
 *
 * <p>Paper: Z. Gao, L. Wang, G. Wu: "LIP: local importance-based pooling", ICCV 2019.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class LipResNet extends GraphModel {
    private static final Map<Integer, int[]> BLOCKS =
            Map.of(50, new int[] {3, 4, 6, 3}, 101, new int[] {3, 4, 23, 3});
    private static final int CHANNELS = 64;
    private static final int LOGIT_CHANNELS = 128;

    private final int depth;

    private LipResNet(Builder builder) {
        super(builder);
        depth = builder.depth;
    }

    /** @return a builder for 1000 classes of 3x224x224 and depth 50 */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void addLayers(GraphLayers layers) {
        Pooling lip = lip(layers);
        int first = layers.channels(CHANNELS);
        Pooling simplified = Pooling.of("lip", LipPooling.Builder::new);
        String last = layers.stem(INPUT, first, isSmall(), simplified, GraphLayers.overlapping());
        ResidualBlocks blocks = new ResidualBlocks(layers, first);
        int[] stages = BLOCKS.get(depth);
        for (int stage = 0; stage < stages.length; stage++) {
            int inside = layers.channels(CHANNELS << stage);
            for (int block = 0; block < stages[stage]; block++) {
                String name = "stage" + (stage + 1) + "-block" + (block + 1);
                last = stage > 0 && block == 0
                        ? blocks.pooledBottleneck(name, last, inside, lip)
                        : blocks.bottleneck(name, last, inside, 1);
            }
        }
        layers.classes(layers.globalAverage("average", last), numClasses());
    }

    /** The pooling with the paper's bottleneck logit network. */
    static Pooling lip(GraphLayers layers) {
        int inside = layers.channels(LOGIT_CHANNELS);
        return Pooling.of("lip with bottleneck",
                () -> new LipPooling.Builder().logitNetwork(LogitNetwork.BOTTLENECK).bottleneck(inside));
    }

    /** Builds a {@link LipResNet}. */
    public static final class Builder extends GraphModel.Builder<Builder> {
        private int depth = 50;

        private Builder() {
            super(1000, 3, 224, 224);
        }

        /**
         * @param newDepth 50 (the default) or 101
         * @return this
         * @throws IllegalArgumentException if it is another
         */
        public Builder depth(int newDepth) {
            if (!BLOCKS.containsKey(newDepth)) {
                throw new IllegalArgumentException("depth must be 50 or 101, got " + newDepth);
            }
            depth = newDepth;
            return this;
        }

        @Override
        public LipResNet build() {
            return new LipResNet(this);
        }
    }
}
