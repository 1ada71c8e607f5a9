// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.Map;

/**
 * ResNet with soft pooling in place of the maximum after the first convolution, as the authors of soft pooling changed
 * it: windows of 2x2 side by side, strides of convolutions as they were (in the 3x3 convolution of a bottleneck).
 * Places: "stem-pool".
 *
 * <p>Small images (a side below 64): a 3x3 convolution for first stage, and the pooling behind it all the same.
 *
 * <p>Papers: A. Stergiou, R. Poppe, G. Kalliatakis: "Refining activation downsampling with SoftPool", ICCV 2021; K. He,
 * X. Zhang, S. Ren, J. Sun: "Deep residual learning for image recognition", CVPR 2016.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class SoftPoolResNet extends GraphModel {
    private static final Map<Integer, int[]> BLOCKS = Map.of(
            18, new int[] {2, 2, 2, 2},
            34, new int[] {3, 4, 6, 3},
            50, new int[] {3, 4, 6, 3},
            101, new int[] {3, 4, 23, 3},
            152, new int[] {3, 8, 36, 3});
    private static final int FIRST_WITH_BOTTLENECKS = 50;
    private static final int CHANNELS = 64;

    private final int depth;

    private SoftPoolResNet(Builder builder) {
        super(builder);
        depth = builder.depth;
    }

    /** @return a builder for 1000 classes of 3x224x224 and depth 50 */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void addLayers(GraphLayers layers) {
        int first = layers.channels(CHANNELS);
        String last = layers.unit("stem", INPUT, first, isSmall() ? 3 : 7, isSmall() ? 1 : 2);
        last = layers.pool("stem-pool", last, Pooling.soft(), GraphLayers.halving());
        ResidualBlocks blocks = new ResidualBlocks(layers, first);
        int[] stages = BLOCKS.get(depth);
        for (int stage = 0; stage < stages.length; stage++) {
            int inside = layers.channels(CHANNELS << stage);
            for (int block = 0; block < stages[stage]; block++) {
                String name = "stage" + (stage + 1) + "-block" + (block + 1);
                int stride = stage > 0 && block == 0 ? 2 : 1;
                last = depth < FIRST_WITH_BOTTLENECKS
                        ? blocks.basic(name, last, inside, stride)
                        : blocks.bottleneck(name, last, inside, stride);
            }
        }
        layers.classes(layers.globalAverage("average", last), numClasses());
    }

    /** Builds a {@link SoftPoolResNet}. */
    public static final class Builder extends GraphModel.Builder<Builder> {
        private int depth = FIRST_WITH_BOTTLENECKS;

        private Builder() {
            super(1000, 3, 224, 224);
        }

        /**
         * @param newDepth 18, 34, 50 (the default), 101 or 152
         * @return this
         * @throws IllegalArgumentException if it is another
         */
        public Builder depth(int newDepth) {
            if (!BLOCKS.containsKey(newDepth)) {
                throw new IllegalArgumentException("depth must be 18, 34, 50, 101 or 152, got " + newDepth);
            }
            depth = newDepth;
            return this;
        }

        @Override
        public SoftPoolResNet build() {
            return new SoftPoolResNet(this);
        }
    }
}
