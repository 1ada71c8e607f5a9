// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import java.util.function.Function;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInitRelu;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.model.AlexNet;
import org.deeplearning4j.zoo.model.Darknet19;
import org.deeplearning4j.zoo.model.FaceNetNN4Small2;
import org.deeplearning4j.zoo.model.InceptionResNetV1;
import org.deeplearning4j.zoo.model.LeNet;
import org.deeplearning4j.zoo.model.ResNet50;
import org.deeplearning4j.zoo.model.SimpleCNN;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.deeplearning4j.zoo.model.TinyYOLO;
import org.deeplearning4j.zoo.model.UNet;
import org.deeplearning4j.zoo.model.VGG16;
import org.deeplearning4j.zoo.model.VGG19;
import org.deeplearning4j.zoo.model.Xception;
import org.deeplearning4j.zoo.model.YOLO2;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** DL4J's models, their defects repaired. {@link io.github.dl4jpooling.zoo.PooledZoo} is where to look for them. */
public final class HostModels {
    private static final int[] IMAGENET = {3, 224, 224};
    private static final int IMAGENET_CLASSES = 1000;
    private static final int DIGITS = 10;
    private static final int VOC_CLASSES = 20;
    private static final double RESNET_LEARNING_RATE = 1e-3;

    private HostModels() {}

    /** @return builder of LeNet */
    public static HostModel.Builder<MultiLayerNetwork> leNet() {
        return list(DIGITS, new int[] {1, 28, 28}, m -> LeNet.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), LeNet::conf);
    }

    /** @return builder of SimpleCNN, with the loss that DL4J forgot */
    public static HostModel.Builder<MultiLayerNetwork> simpleCnn() {
        return list(DIGITS, new int[] {3, 48, 48}, m -> SimpleCNN.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), HostModels::withLoss);
    }

    /** DL4J's ends with a softmax activation, so that nothing can be trained. */
    private static MultiLayerConfiguration withLoss(SimpleCNN model) {
        MultiLayerConfiguration configuration = model.conf();
        int last = configuration.getConfs().size() - 1;
        LossLayer loss = new LossLayer.Builder(LossFunction.MCXENT)
                .name("output")
                .activation(Activation.SOFTMAX)
                .build();
        // Gives the layer what DL4J misses in it when it reads a stored network.
        NeuralNetConfiguration complete = new NeuralNetConfiguration.Builder().layer(loss).build();
        configuration.getConf(last).setLayer(complete.getLayer());
        return configuration;
    }

    /** @return builder of AlexNet */
    public static HostModel.Builder<MultiLayerNetwork> alexNet() {
        return list(IMAGENET_CLASSES, IMAGENET, m -> AlexNet.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), AlexNet::conf);
    }

    /** @return builder of VGG-16 */
    public static HostModel.Builder<ComputationGraph> vgg16() {
        return graph(IMAGENET_CLASSES, IMAGENET, m -> VGG16.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), VGG16::conf);
    }

    /** @return builder of VGG-19 */
    public static HostModel.Builder<ComputationGraph> vgg19() {
        return graph(IMAGENET_CLASSES, IMAGENET, m -> VGG19.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), VGG19::conf);
    }

    /** @return builder of ResNet-50, with weights that do not overflow and an average pooling that is one */
    public static HostModel.Builder<ComputationGraph> resNet50() {
        return graph(IMAGENET_CLASSES, IMAGENET, m -> ResNet50.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .weightInit(new WeightInitRelu())
                .updater(new Adam(RESNET_LEARNING_RATE))
                .build(), HostModels::withAverage);
    }

    /** DL4J's "avgpool" takes the maximum of 3x3 windows. */
    private static ComputationGraphConfiguration withAverage(ResNet50 model) {
        ComputationGraphConfiguration.GraphBuilder graph = model.graphBuilder();
        return graph.removeVertex("avgpool", false)
                .addLayer("avgpool", new GlobalPoolingLayer(PoolingType.AVG), "res5c_branch")
                .build();
    }

    /** @return builder of SqueezeNet */
    public static HostModel.Builder<ComputationGraph> squeezeNet() {
        return graph(IMAGENET_CLASSES, new int[] {3, 227, 227}, m -> SqueezeNet.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), HostModels::configuration);
    }

    /** @return builder of Darknet-19 */
    public static HostModel.Builder<ComputationGraph> darknet19() {
        return graph(IMAGENET_CLASSES, IMAGENET, m -> Darknet19.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), Darknet19::conf);
    }

    /** @return builder of Tiny YOLO */
    public static HostModel.Builder<ComputationGraph> tinyYolo() {
        return graph(VOC_CLASSES, new int[] {3, 416, 416}, m -> TinyYOLO.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), TinyYOLO::conf);
    }

    /** @return builder of YOLOv2 */
    public static HostModel.Builder<ComputationGraph> yolo2() {
        return graph(VOC_CLASSES, new int[] {3, 608, 608}, m -> YOLO2.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), YOLO2::conf);
    }

    /** @return builder of Xception */
    public static HostModel.Builder<ComputationGraph> xception() {
        return graph(IMAGENET_CLASSES, new int[] {3, 299, 299}, m -> Xception.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), HostModels::configuration);
    }

    /** @return builder of Inception-ResNet v1 */
    public static HostModel.Builder<ComputationGraph> inceptionResNetV1() {
        return graph(IMAGENET_CLASSES, new int[] {3, 160, 160}, m -> InceptionResNetV1.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), HostModels::configuration);
    }

    /** @return builder of U-Net */
    public static HostModel.Builder<ComputationGraph> uNet() {
        return graph(1, new int[] {3, 512, 512}, m -> UNet.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(oneClass(m))
                .build(), HostModels::configuration);
    }

    private static int oneClass(HostModel<?> model) {
        if (model.numClasses() != 1) {
            throw new IllegalArgumentException(
                    "DL4J's UNet has one output channel, numClasses must be 1, got " + model.numClasses());
        }
        return 1;
    }

    /** @return builder of FaceNet NN4.small2 */
    public static HostModel.Builder<ComputationGraph> faceNetNn4Small2() {
        return graph(IMAGENET_CLASSES, new int[] {3, 96, 96}, m -> FaceNetNN4Small2.builder()
                .seed(m.seed())
                .inputShape(m.inputShape())
                .numClasses(m.numClasses())
                .build(), FaceNetNN4Small2::conf);
    }

    /** For models that tell their configuration only when they make a network. */
    private static ComputationGraphConfiguration configuration(ZooModel<?> model) {
        ComputationGraph network = model.init();
        ComputationGraphConfiguration configuration = network.getConfiguration().clone();
        network.close();
        return configuration;
    }

    private static <Z extends ZooModel<?>> HostModel.Builder<ComputationGraph> graph(
            int numClasses, int[] inputShape, Function<HostModel<ComputationGraph>, Z> host,
            Function<Z, ComputationGraphConfiguration> configuration) {
        return new HostModel.Builder<>(numClasses, inputShape, host,
                model -> new ComputationGraph(configuration.apply(host.apply(model))));
    }

    private static <Z extends ZooModel<?>> HostModel.Builder<MultiLayerNetwork> list(
            int numClasses, int[] inputShape, Function<HostModel<MultiLayerNetwork>, Z> host,
            Function<Z, MultiLayerConfiguration> configuration) {
        return new HostModel.Builder<>(numClasses, inputShape, host,
                model -> new MultiLayerNetwork(configuration.apply(host.apply(model))));
    }
}
