// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.zoo.swap.Pooling;
import org.nd4j.linalg.activations.Activation;

/**
 * Network in network (NIN) for small images: three times a convolution and two 1x1 convolutions, between them maximum
 * ("pool1") and average pooling ("pool2") of overlapping 3x3 windows and dropout; a global average of one map a class
 * in place of dense layers.
 *
 * <p>Paper: M. Lin, Q. Chen, S. Yan: "Network in network", ICLR 2014.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class NetworkInNetwork extends GraphModel {
    private static final double RETAINED = 0.5;

    private NetworkInNetwork(Builder builder) {
        super(builder);
    }

    /** @return a builder for 10 classes of 3x32x32 */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void addLayers(GraphLayers layers) {
        PoolingWindow window = GraphLayers.overlappingCutOff();
        int wide = layers.channels(192);
        String last = mlpConvolution(layers, "mlp1", INPUT, 5, wide, layers.channels(160), layers.channels(96));
        last = layers.pool("pool1", last, Pooling.max(), window);
        last = layers.dropout("dropout1", last, RETAINED);
        last = mlpConvolution(layers, "mlp2", last, 5, wide, wide, wide);
        last = layers.pool("pool2", last, Pooling.average(), window);
        last = layers.dropout("dropout2", last, RETAINED);
        last = mlpConvolution(layers, "mlp3", last, 3, wide, wide, numClasses());
        layers.softmax(layers.globalAverage("average", last));
    }

    private static String mlpConvolution(
            GraphLayers layers, String name, String input, int kernel, int first, int second, int third) {
        String last = layers.convolution(name + "-conv", input, first, kernel, 1, Activation.RELU);
        last = layers.convolution(name + "-cccp1", last, second, 1, 1, Activation.RELU);
        return layers.convolution(name + "-cccp2", last, third, 1, 1, Activation.RELU);
    }

    /** Builds a {@link NetworkInNetwork}. */
    public static final class Builder extends GraphModel.Builder<Builder> {

        private Builder() {
            super(10, 3, 32, 32);
        }

        @Override
        public NetworkInNetwork build() {
            return new NetworkInNetwork(this);
        }
    }
}
