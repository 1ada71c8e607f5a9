// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.layers.conf.StochasticPooling;
import io.github.dl4jpooling.zoo.swap.Pooling;
import org.nd4j.linalg.activations.Activation;

/**
 * The network that stochastic pooling was presented with: three times a 5x5 convolution of 64 channels, stochastic
 * pooling of overlapping 3x3 windows ("pool1" to "pool3") and local response normalization, then the classes.
 *
 * <p>Paper: M. D. Zeiler, R. Fergus: "Stochastic pooling for regularization of deep convolutional neural networks",
 * ICLR 2013.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class StochasticPoolingNet extends GraphModel {
    private static final int STAGES = 3;

    private StochasticPoolingNet(Builder builder) {
        super(builder);
    }

    /** @return a builder for 10 classes of 3x32x32 */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void addLayers(GraphLayers layers) {
        Pooling stochastic = Pooling.of("stochastic", StochasticPooling.Builder::new);
        String last = INPUT;
        for (int i = 1; i <= STAGES; i++) {
            last = layers.convolution("conv" + i, last, layers.channels(64), 5, 1, Activation.RELU);
            last = layers.pool("pool" + i, last, stochastic, GraphLayers.overlappingCutOff());
            last = layers.localResponseNormalization("norm" + i, last);
        }
        layers.classes(last, numClasses());
    }

    /** Builds a {@link StochasticPoolingNet}. */
    public static final class Builder extends GraphModel.Builder<Builder> {

        private Builder() {
            super(10, 3, 32, 32);
        }

        @Override
        public StochasticPoolingNet build() {
            return new StochasticPoolingNet(this);
        }
    }
}
