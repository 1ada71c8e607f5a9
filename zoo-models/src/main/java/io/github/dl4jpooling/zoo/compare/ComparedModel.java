// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.PooledZoo;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import io.github.dl4jpooling.zoo.model.ModelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A network that can be compared, before its pooling is replaced: a small one of this package, or one of the zoo. */
final class ComparedModel {
    private static final String TINY = "tiny";
    /** They find objects, mark pixels or need boxes: images with a class each are no task for them. */
    private static final Set<String> NO_CLASSIFIERS = Set.of("tinyyolo", "yolo2", "unet", "region-net");
    /** Has no pooling layers, only strides that pooling takes over. */
    private static final String STRIDES_ONLY = "mobilenetv2";
    private static final double LEARNING_RATE = 1e-3;
    private static final int SMALLEST_IMAGE = 8;

    private final String name;

    private ComparedModel(String name) {
        this.name = name;
    }

    /** @throws IllegalArgumentException if there is no such model; the message names all there are */
    static ComparedModel named(String name) {
        if (!names().contains(name)) {
            throw new IllegalArgumentException("model \"" + name + "\" is unknown, expected one of "
                    + String.join(", ", names()));
        }
        return new ComparedModel(name);
    }

    static List<String> names() {
        List<String> names = new ArrayList<>(List.of(TINY));
        names.addAll(PooledZoo.names());
        names.removeAll(NO_CLASSIFIERS);
        return names;
    }

    String modelName() {
        return name;
    }

    String description() {
        return name.equals(TINY) ? "convolution 3x3x16, pooling 2x2, convolution 3x3x32, pooling 2x2, dense 64"
                : "PooledZoo's, sized for these images and classes";
    }

    /** Whether pooling has to take over the strides of convolutions, as there are no pooling layers. */
    boolean poolsByStride() {
        return name.equals(STRIDES_ONLY);
    }

    /**
     * A new network with the model's own pooling and first weights.
     *
     * @throws IllegalArgumentException if the model cannot be built for images of this size
     */
    Model network(LabelledImages images, long seed) {
        int classes = images.classNames().size();
        Nd4j.getRandom().setSeed(seed);
        if (name.equals(TINY)) {
            requireAtLeast(images, SMALLEST_IMAGE);
            MultiLayerNetwork network = new MultiLayerNetwork(
                    tiny(images.channels(), images.height(), images.width(), classes, seed));
            network.init();
            return network;
        }
        ModelBuilder<?> builder = PooledZoo.named(name);
        builder.inputShape(images.channels(), images.height(), images.width());
        builder.numClasses(classes).seed(seed).updater(updater());
        return orDoesNotFit(images, () -> builder.build().init());
    }

    /** Does what fails if the model does not fit the images: building the network, or showing it one. */
    <T> T orDoesNotFit(LabelledImages images, Supplier<T> action) {
        try {
            return action.get();
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("model " + name + " does not fit images of " + images.channels() + " x "
                    + images.height() + " x " + images.width() + "; tiny, lenet and nin take small ones (DL4J says: "
                    + firstLine(e) + ")", e);
        }
    }

    private static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    }

    private void requireAtLeast(LabelledImages images, int size) {
        if (Math.min(images.height(), images.width()) < size) {
            throw new IllegalArgumentException("model " + name + " needs images of at least " + size + " x " + size
                    + ", got " + images.height() + " x " + images.width());
        }
    }

    private static MultiLayerConfiguration tiny(int channels, int height, int width, int classes, long seed) {
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

    /** The same for all models and poolings. */
    private static Adam updater() {
        return new Adam(LEARNING_RATE);
    }

    static String updaterDescription() {
        return "Adam with learning rate " + LEARNING_RATE;
    }
}
