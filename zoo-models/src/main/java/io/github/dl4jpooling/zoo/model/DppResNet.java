// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.layers.conf.DppPooling;
import io.github.dl4jpooling.zoo.swap.Pooling;

/**
 * DPP-ResNet for small images: the ResNet of depth 6n+2 with 16, 32 and 64 channels, none of its convolutions with a
 * stride; detail-preserving pooling (symmetric, lite) of 2x2 windows behind the first block of the second and third
 * stage ("stage2-pool", "stage3-pool") does the downsampling, as in the authors' code.
 *
 * <p>Papers: F. Saeedan, N. Weber, M. Goesele, S. Roth: "Detail-preserving pooling in deep networks", CVPR 2018; K. He,
 * X. Zhang, S. Ren, J. Sun: "Deep residual learning for image recognition", CVPR 2016.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class DppResNet extends GraphModel {
    private static final int STAGES = 3;
    private static final int CHANNELS = 16;

    /** Convolutions of a stage for each of its blocks, times stages. */
    private static final int PER_BLOCK = 6;

    private final int depth;

    private DppResNet(Builder builder) {
        super(builder);
        depth = builder.depth;
    }

    /** @return a builder for 10 classes of 3x32x32 and depth 110 */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void addLayers(GraphLayers layers) {
        Pooling dpp = Pooling.of("dpp", DppPooling.Builder::new);
        int first = layers.channels(CHANNELS);
        String last = layers.unit("stem", INPUT, first, 3, 1);
        ResidualBlocks blocks = new ResidualBlocks(layers, first);
        for (int stage = 1; stage <= STAGES; stage++) {
            int inside = layers.channels(CHANNELS << (stage - 1));
            for (int block = 1; block <= (depth - 2) / PER_BLOCK; block++) {
                last = blocks.basic("stage" + stage + "-block" + block, last, inside, 1);
                if (stage > 1 && block == 1) {
                    last = layers.pool("stage" + stage + "-pool", last, dpp, GraphLayers.halving());
                }
            }
        }
        layers.classes(layers.globalAverage("average", last), numClasses());
    }

    /** Builds a {@link DppResNet}. */
    public static final class Builder extends GraphModel.Builder<Builder> {
        private int depth = 110;

        private Builder() {
            super(10, 3, 32, 32);
        }

        /**
         * @param newDepth 6n+2 with n of 1 and more: 8, 14, 20, ..; default 110
         * @return this
         * @throws IllegalArgumentException if it is another
         */
        public Builder depth(int newDepth) {
            if (newDepth < PER_BLOCK + 2 || (newDepth - 2) % PER_BLOCK != 0) {
                throw new IllegalArgumentException("depth must be 6n+2 with n of 1 and more, got " + newDepth);
            }
            depth = newDepth;
            return this;
        }

        @Override
        public DppResNet build() {
            return new DppResNet(this);
        }
    }
}
