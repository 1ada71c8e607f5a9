// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.data.LabelledImages;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.zoo.model.LeNet;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** The networks that can be compared, all with max pooling; the other poolings are swapped in. */
enum ComparedModel {
    TINY("convolution 3x3x16, pooling 2x2, convolution 3x3x32, pooling 2x2, dense 64") {
        @Override
        MultiLayerConfiguration configuration(int channels, int height, int width, int classes, long seed) {
            return new NeuralNetConfiguration.Builder()
                    .seed(seed)
                    .updater(updater())
                    .weightInit(WeightInit.RELU)
                    .activation(Activation.RELU)
                    .convolutionMode(ConvolutionMode.Same)
                    .list()
                    .layer(new ConvolutionLayer.Builder(3, 3).name("conv1").nOut(16).build())
                    .layer(new SubsamplingLayer.Builder(PoolingType.MAX, new int[] {2, 2}).name("pool1").build())
                    .layer(new ConvolutionLayer.Builder(3, 3).name("conv2").nOut(32).build())
                    .layer(new SubsamplingLayer.Builder(PoolingType.MAX, new int[] {2, 2}).name("pool2").build())
                    .layer(new DenseLayer.Builder().name("dense").nOut(64).build())
                    .layer(new OutputLayer.Builder(LossFunction.MCXENT).name("output").nOut(classes)
                            .activation(Activation.SOFTMAX).weightInit(WeightInit.XAVIER).build())
                    .setInputType(InputType.convolutional(height, width, channels))
                    .build();
        }
    },

    LENET("LeNet of deeplearning4j-zoo: convolution 5x5x20, pooling 2x2, convolution 5x5x50, pooling 2x2, dense 500") {
        @Override
        MultiLayerConfiguration configuration(int channels, int height, int width, int classes, long seed) {
            return LeNet.builder().seed(seed).updater(updater()).numClasses(classes)
                    .inputShape(new int[] {channels, height, width}).build().conf();
        }
    };

    private static final double LEARNING_RATE = 1e-3;
    private static final int SMALLEST_IMAGE = 8;

    private final String description;

    ComparedModel(String description) {
        this.description = description;
    }

    /** @throws IllegalArgumentException if there is no such model; the message names all there are */
    static ComparedModel named(String name) {
        return Arrays.stream(values()).filter(model -> model.modelName().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "model \"" + name + "\" is unknown, expected one of " + names()));
    }

    static String names() {
        return Arrays.stream(values()).map(ComparedModel::modelName).collect(Collectors.joining(", "));
    }

    String modelName() {
        return name().toLowerCase(Locale.ROOT);
    }

    String description() {
        return description;
    }

    /** @throws IllegalArgumentException if the images are too small for the pooling layers */
    LabelledImages requireFits(LabelledImages images) {
        if (Math.min(images.height(), images.width()) < SMALLEST_IMAGE) {
            throw new IllegalArgumentException("model " + modelName() + " needs images of at least " + SMALLEST_IMAGE
                    + " x " + SMALLEST_IMAGE + ", got " + images.height() + " x " + images.width());
        }
        return images;
    }

    /** A network with max pooling. */
    abstract MultiLayerConfiguration configuration(int channels, int height, int width, int classes, long seed);

    /** The same for all models and poolings. */
    static Adam updater() {
        return new Adam(LEARNING_RATE);
    }

    static String updaterDescription() {
        return "Adam with learning rate " + LEARNING_RATE;
    }
}
