// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.layers.conf.SpatialPyramidPooling;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.Arrays;
import org.nd4j.linalg.activations.Activation;

/**
 * SPP-net: the five convolutions of ZF-5, spatial pyramid pooling ("pyramid") and dense layers. The pyramid gives
 * vectors of one length whatever the size of the map, so that the network takes images of any size, in training and
 * inference, one size a batch; {@link #inputShape()} is only an example of it. The maximum behind the first two
 * convolutions ("pool1", "pool2") is what {@code pooling} replaces.
 *
 * <p>Small images (a side below 64): 3x3 convolutions without stride, and a pyramid of 4, 2 and 1 bins a side in place
 * of 6, 3, 2 and 1.
 *
 * <p>Paper: K. He, X. Zhang, S. Ren, J. Sun: "Spatial pyramid pooling in deep convolutional networks for visual
 * recognition", ECCV 2014.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class SppNet extends GraphModel {
    private static final int[] PYRAMID = {6, 3, 2, 1};
    private static final int[] SMALL_PYRAMID = {4, 2, 1};
    private static final int DENSE = 4096;
    private static final double RETAINED = 0.5;

    private final int[] pyramid;

    private SppNet(Builder builder) {
        super(builder);
        pyramid = builder.pyramid;
    }

    /** @return a builder for 1000 classes of 3x224x224 */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void addLayers(GraphLayers layers) {
        boolean small = isSmall();
        int[] levels = pyramid;
        if (levels == null) {
            levels = small ? SMALL_PYRAMID : PYRAMID;
        }
        String last = layers.convolution(
                "conv1", INPUT, layers.channels(96), small ? 3 : 7, small ? 1 : 2, Activation.RELU);
        last = layers.pool("pool1", last, Pooling.max(), GraphLayers.overlapping());
        last = layers.localResponseNormalization("norm1", last);
        last = layers.convolution(
                "conv2", last, layers.channels(256), small ? 3 : 5, small ? 1 : 2, Activation.RELU);
        last = layers.pool("pool2", last, Pooling.max(), GraphLayers.overlapping());
        last = layers.localResponseNormalization("norm2", last);
        last = layers.convolution("conv3", last, layers.channels(384), 3, 1, Activation.RELU);
        last = layers.convolution("conv4", last, layers.channels(384), 3, 1, Activation.RELU);
        last = layers.convolution("conv5", last, layers.channels(256), 3, 1, Activation.RELU);
        last = layers.layer("pyramid", new SpatialPyramidPooling.Builder(levels).build(), last);
        last = layers.dropout("dropout1", layers.dense("dense1", last, layers.channels(DENSE)), RETAINED);
        last = layers.dropout("dropout2", layers.dense("dense2", last, layers.channels(DENSE)), RETAINED);
        layers.classes(last, numClasses());
    }

    /** Builds an {@link SppNet}. */
    public static final class Builder extends GraphModel.Builder<Builder> {
        private int[] pyramid;

        private Builder() {
            super(1000, 3, 224, 224);
        }

        /**
         * @param levels bins along each side, one number a level, each at least 1
         * @return this
         * @throws IllegalArgumentException if there are none, or one is less
         */
        public Builder pyramid(int... levels) {
            if (levels.length == 0 || Arrays.stream(levels).anyMatch(level -> level < 1)) {
                throw new IllegalArgumentException(
                        "levels of the pyramid must be at least 1, got " + Arrays.toString(levels));
            }
            pyramid = levels.clone();
            return this;
        }

        @Override
        public SppNet build() {
            return new SppNet(this);
        }
    }
}
