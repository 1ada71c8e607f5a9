// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import org.nd4j.linalg.activations.Activation;

/**
 * MobileNetV2: inverted residual blocks around depthwise convolutions. It downsamples by strides alone; {@code
 * pooling} takes them over: behind "stem" and the depthwise convolutions ("block2-depthwise-pool", ...).
 *
 * <p>Small images (a side below 64): first convolution and second stage without stride.
 *
 * <p>Paper: M. Sandler, A. Howard, M. Zhu, A. Zhmoginov, L.-C. Chen: "MobileNetV2: inverted residuals and linear
 * bottlenecks", CVPR 2018.
 */
@SuppressWarnings("unchecked") // DL4J leaves the type of networks to the caller
public final class MobileNetV2 extends GraphModel {
    /** Expansion, channels, number of blocks, stride of the first. */
    private static final int[][] STAGES = {
        {1, 16, 1, 1}, {6, 24, 2, 2}, {6, 32, 3, 2}, {6, 64, 4, 2}, {6, 96, 3, 1}, {6, 160, 3, 2}, {6, 320, 1, 1}};
    private static final int FIRST = 32;
    private static final int LAST = 1280;
    private static final double RETAINED = 0.8;

    private MobileNetV2(Builder builder) {
        super(builder);
    }

    /** @return a builder for 1000 classes of 3x224x224 */
    public static Builder builder() {
        return new Builder();
    }

    @Override
    boolean poolsByStrideOnly() {
        return true;
    }

    @Override
    void addLayers(GraphLayers layers) {
        int channels = layers.channels(FIRST);
        String last = relu6(layers, "stem", layers.normalized("stem", INPUT, channels, 3, isSmall() ? 1 : 2));
        int block = 0;
        for (int stage = 0; stage < STAGES.length; stage++) {
            int nOut = layers.channels(STAGES[stage][1]);
            for (int i = 0; i < STAGES[stage][2]; i++) {
                int stride = i > 0 || stage == 1 && isSmall() ? 1 : STAGES[stage][3];
                last = invertedResidual(
                        layers, "block" + ++block, last, channels, STAGES[stage][0] * channels, nOut, stride);
                channels = nOut;
            }
        }
        last = relu6(layers, "last", layers.normalized("last", last, layers.channels(LAST), 1, 1));
        last = layers.dropout("dropout", layers.globalAverage("average", last), RETAINED);
        layers.classes(last, numClasses());
    }

    /** 1x1 to more channels, depthwise 3x3, 1x1 to fewer without activation; the input added where sizes agree. */
    private static String invertedResidual(
            GraphLayers layers, String name, String input, int nIn, int inside, int nOut, int stride) {
        String last = input;
        if (inside != nIn) {
            last = relu6(layers, name + "-expand", layers.normalized(name + "-expand", input, inside, 1, 1));
        }
        last = relu6(layers, name + "-depthwise", layers.depthwise(name + "-depthwise", last, stride));
        last = layers.normalized(name + "-project", last, nOut, 1, 1);
        return stride == 1 && nIn == nOut ? layers.add(name, input, last) : last;
    }

    private static String relu6(GraphLayers layers, String name, String input) {
        return layers.activation(name + "-relu6", input, Activation.RELU6);
    }

    /** Builds a {@link MobileNetV2}. */
    public static final class Builder extends GraphModel.Builder<Builder> {

        private Builder() {
            super(1000, 3, 224, 224);
        }

        @Override
        public MobileNetV2 build() {
            return new MobileNetV2(this);
        }
    }
}
