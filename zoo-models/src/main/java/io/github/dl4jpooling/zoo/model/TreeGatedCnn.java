// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.layers.conf.GatedPooling;
import io.github.dl4jpooling.layers.conf.TreePooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.zoo.swap.Pooling;
import org.nd4j.linalg.activations.Activation;

/**
 * A network of convolutions with learned pooling, after Lee et al.: tree pooling with two levels first ("pool1"), gated
 * maximum-average pooling second ("pool2"), both of overlapping 3x3 windows, which the paper found to be the best
 * combination. The convolutions are those of the All-CNN's model C: 3x3 with 96 channels twice, pooling, 3x3 with 192
 * twice, pooling, 3x3 and 1x1 with 192, 1x1 to the classes and a global average; dropout on the image and behind each
 * pooling.
 *
 * <p>Papers: C.-Y. Lee, P. Gallagher, Z. Tu: "Generalizing pooling functions in convolutional neural networks: mixed,
 * gated, and tree", AISTATS 2016; J. T. Springenberg, A. Dosovitskiy, T. Brox, M. Riedmiller: "Striving for simplicity:
 * the all convolutional net", ICLR workshop 2015.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class TreeGatedCnn extends GraphModel {
    private static final double RETAINED_INPUT = 0.8;
    private static final double RETAINED = 0.5;

    private TreeGatedCnn(Builder builder) {
        super(builder);
    }

    /** @return a builder for 10 classes of 3x32x32 */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    void addLayers(GraphLayers layers) {
        PoolingWindow window = GraphLayers.overlappingCutOff();
        int narrow = layers.channels(96);
        int wide = layers.channels(192);
        String last = layers.dropout("input-dropout", INPUT, RETAINED_INPUT);
        last = convolution(layers, "conv1", last, narrow, 3);
        last = convolution(layers, "conv2", last, narrow, 3);
        last = layers.pool("pool1", last, Pooling.of("tree", () -> new TreePooling.Builder().levels(2)), window);
        last = layers.dropout("dropout1", last, RETAINED);
        last = convolution(layers, "conv3", last, wide, 3);
        last = convolution(layers, "conv4", last, wide, 3);
        last = layers.pool("pool2", last, Pooling.of("gated", GatedPooling.Builder::new), window);
        last = layers.dropout("dropout2", last, RETAINED);
        last = convolution(layers, "conv5", last, wide, 3);
        last = convolution(layers, "conv6", last, wide, 1);
        last = convolution(layers, "conv7", last, numClasses(), 1);
        layers.softmax(layers.globalAverage("average", last));
    }

    private static String convolution(GraphLayers layers, String name, String input, int nOut, int kernel) {
        return layers.convolution(name, input, nOut, kernel, 1, Activation.RELU);
    }

    /** Builds a {@link TreeGatedCnn}. */
    public static final class Builder extends GraphModel.Builder<Builder> {

        private Builder() {
            super(10, 3, 32, 32);
        }

        @Override
        public TreeGatedCnn build() {
            return new TreeGatedCnn(this);
        }
    }
}
