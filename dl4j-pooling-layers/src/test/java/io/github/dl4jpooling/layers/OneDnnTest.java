// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.LayerHelper;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNBatchNormHelper;
import org.deeplearning4j.nn.layers.mkldnn.MKLDNNConvHelper;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Measured relative differences to the plain layers: outputs up to 2.4e-7, parameters after ten steps 5.2e-7. */
class OneDnnTest {

    private static final double TOLERANCE = 1e-5;
    private static final int STEPS = 10;

    private final INDArray images = images(8);
    private final INDArray labels = Nd4j.vstack(Nd4j.eye(4), Nd4j.eye(4)).castTo(DataType.FLOAT);

    @BeforeEach
    void skipWithoutOneDnn() {
        boolean available = Nd4j.getBackend().buildInfo().contains("HAVE_ONEDNN");
        if (!available) {
            OneDnn.Result result = OneDnn.enable(network(DataType.FLOAT));
            assertThat(result.layers()).isEmpty();
            assertThat(result.reason()).contains("classifier");
        }
        assumeTrue(available, "this build of nd4j-native has no oneDNN");
    }

    @Test
    void trainsLikeThePlainLayers() throws ReflectiveOperationException {
        MultiLayerNetwork plain = network(DataType.FLOAT);
        MultiLayerNetwork fast = network(DataType.FLOAT);

        OneDnn.Result result = OneDnn.enable(fast);

        assertThat(result.layers()).containsExactly("conv1", "norm", "conv2");
        assertThat(result.reason()).isEmpty();
        assertThat(result).hasToString("oneDNN runs conv1, norm, conv2");
        assertThat(difference(fast.output(images), plain.output(images))).isLessThan(TOLERANCE);
        for (int step = 0; step < STEPS; step++) {
            plain.fit(images, labels);
            fast.fit(images, labels);
        }
        assertThat(difference(fast.params(), plain.params())).isLessThan(TOLERANCE);
        assertThat(difference(fast.output(images), plain.output(images))).isLessThan(TOLERANCE);
        for (String name : result.layers()) {
            assertRanOnOneDnn(fast.getLayer(name));
        }
    }

    @Test
    void trainsGraphsLikeThePlainLayers() throws ReflectiveOperationException {
        ComputationGraph plain = graph();
        ComputationGraph fast = graph();

        OneDnn.Result result = OneDnn.enable(fast);

        // The dilated convolution is not served and hands the layers behind it a permuted array.
        assertThat(result.layers()).containsExactlyInAnyOrder("stem", "left", "residual", "norm");
        for (int step = 0; step < STEPS; step++) {
            plain.fit(new INDArray[] {images}, new INDArray[] {labels});
            fast.fit(new INDArray[] {images}, new INDArray[] {labels});
        }
        assertThat(difference(fast.params(), plain.params())).isLessThan(TOLERANCE);
        assertThat(difference(fast.outputSingle(images), plain.outputSingle(images))).isLessThan(TOLERANCE);
        for (String name : result.layers()) {
            assertRanOnOneDnn(fast.getLayer(name));
        }
    }

    /** DL4J's own batch normalization helper is wrong by a factor in the first case. */
    @Test
    void takesArraysInAnyOrder() {
        for (INDArray input : List.of(images.dup('f'), images.permute(0, 2, 3, 1).dup('c').permute(0, 3, 1, 2))) {
            MultiLayerNetwork plain = initialized(list(DataType.FLOAT).layer(new BatchNormalization()));
            MultiLayerNetwork fast = plain.clone();
            assertThat(OneDnn.enable(fast).layers()).hasSize(1);
            plain.fit(input, labels);
            fast.fit(input, labels);
            assertThat(difference(fast.params(), plain.params())).isLessThan(TOLERANCE);
            assertThat(difference(fast.output(input), plain.output(input))).isLessThan(TOLERANCE);
        }
    }

    @Test
    void isCalledAgainAfterCloneAndRestore() throws IOException, ReflectiveOperationException {
        MultiLayerNetwork network = network(DataType.FLOAT);
        List<String> layers = OneDnn.enable(network).layers();
        network.fit(images, labels);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, file, true);

        for (MultiLayerNetwork copy : List.of(
                network.clone(),
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true))) {
            assertThat(copy.getLayer("conv1").getHelper()).isNull();
            assertThat(OneDnn.enable(copy).layers()).isEqualTo(layers);
            assertThat(copy.output(images)).isEqualTo(network.output(images));
            copy.fit(images, labels);
            assertRanOnOneDnn(copy.getLayer("conv1"));
        }
    }

    @Test
    void changesNothingWhenCalledTwice() {
        MultiLayerNetwork network = network(DataType.FLOAT);
        List<String> layers = OneDnn.enable(network).layers();
        LayerHelper convolution = network.getLayer("conv1").getHelper();
        LayerHelper normalization = network.getLayer("norm").getHelper();

        assertThat(OneDnn.enable(network).layers()).isEqualTo(layers);
        assertThat(network.getLayer("conv1").getHelper()).isSameAs(convolution);
        assertThat(network.getLayer("norm").getHelper()).isSameAs(normalization);
    }

    @Test
    void reachesFrozenLayers() {
        MultiLayerNetwork plain = new TransferLearning.Builder(network(DataType.FLOAT))
                .setFeatureExtractor(1)
                .build();
        MultiLayerNetwork fast = plain.clone();

        assertThat(OneDnn.enable(fast).layers()).containsExactly("conv1", "norm", "conv2");
        assertThat(fast.getLayer(0)).isInstanceOf(FrozenLayer.class);
        assertThat(fast.getLayer(0).getHelper()).isInstanceOf(MKLDNNConvHelper.class);
        plain.fit(images, labels);
        fast.fit(images, labels);
        assertThat(difference(fast.params(), plain.params())).isLessThan(TOLERANCE);
    }

    @Test
    void leavesOtherDataTypesAlone() {
        MultiLayerNetwork network = network(DataType.DOUBLE);

        OneDnn.Result result = OneDnn.enable(network);

        assertThat(result.layers()).isEmpty();
        assertThat(result.reason()).contains("DOUBLE").contains("FLOAT");
        assertThat(result.toString()).isEqualTo("oneDNN is not used: " + result.reason());
        for (Layer layer : network.getLayers()) {
            assertThat(layer.getHelper()).isNull();
        }
    }

    @Test
    void leavesLayersAloneThatOneDnnCannotRunCorrectly() {
        assertNotServed(new ConvolutionLayer.Builder(3, 3).dilation(2, 2).nOut(4).build(), CNN2DFormat.NCHW);
        assertNotServed(new ConvolutionLayer.Builder(3, 3).nOut(4).build(), CNN2DFormat.NHWC);
        assertNotServed(new BatchNormalization(), CNN2DFormat.NHWC);
        assertNotServed(new BatchNormalization.Builder(true).build(), CNN2DFormat.NCHW);
        assertNotServed(new SubsamplingLayer.Builder(2, 2).build(), CNN2DFormat.NCHW);
    }

    @Test
    void respectsTheSwitchOfNd4j() {
        Nd4j.getEnvironment().allowHelpers(false);
        try {
            assertThat(OneDnn.enable(network(DataType.FLOAT)).reason()).contains("helpers");
        } finally {
            Nd4j.getEnvironment().allowHelpers(true);
        }
    }

    @Test
    void rejectsNetworksWithoutLayers() {
        MultiLayerNetwork network = new MultiLayerNetwork(network(DataType.FLOAT).getLayerWiseConfigurations());
        ComputationGraph graph = new ComputationGraph(graph().getConfiguration());

        assertThatThrownBy(() -> OneDnn.enable(network))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("init()");
        assertThatThrownBy(() -> OneDnn.enable(graph))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("init()");
    }

    /** The native context of a helper exists only once it has computed; a failed call would have been counted. */
    private static void assertRanOnOneDnn(Layer layer) throws ReflectiveOperationException {
        LayerHelper helper = layer.getHelper();
        if (helper instanceof MKLDNNConvHelper) {
            assertThat(read(MKLDNNConvHelper.class, "context", helper)).isNotNull();
            assertThat(read(MKLDNNConvHelper.class, "contextBwd", helper)).isNotNull();
        } else {
            assertThat(read(MKLDNNBatchNormHelper.class, "context", helper)).isNotNull();
            assertThat(read(MKLDNNBatchNormHelper.class, "meanCache", helper)).isNotNull();
        }
        assertThat(read(layer.getClass(), "helperCountFail", layer)).isEqualTo(0);
    }

    private static Object read(Class<?> type, String name, Object object) throws ReflectiveOperationException {
        Field field = type.getDeclaredField(name);
        field.setAccessible(true);
        return field.get(object);
    }

    private static void assertNotServed(org.deeplearning4j.nn.conf.layers.Layer layer, CNN2DFormat format) {
        MultiLayerNetwork network = initialized(list(DataType.FLOAT)
                .layer(layer)
                .setInputType(InputType.convolutional(12, 10, 3, format)));
        OneDnn.Result result = OneDnn.enable(network);
        assertThat(result.layers()).isEmpty();
        assertThat(result.reason()).contains("no layer");
        assertThat(network.getLayer(0).getHelper()).isNull();
    }

    private static double difference(INDArray actual, INDArray expected) {
        return actual.sub(expected).amaxNumber().doubleValue() / expected.amaxNumber().doubleValue();
    }

    private static INDArray images(int count) {
        Nd4j.getRandom().setSeed(3);
        return Nd4j.rand(DataType.FLOAT, count, 3, 12, 10);
    }

    private static NeuralNetConfiguration.Builder configuration(DataType type) {
        return new NeuralNetConfiguration.Builder().seed(7).dataType(type).updater(new Sgd(0.05));
    }

    private static NeuralNetConfiguration.ListBuilder list(DataType type) {
        return configuration(type).list().setInputType(InputType.convolutional(12, 10, 3));
    }

    private static ConvolutionLayer.Builder convolution(String name, int channels) {
        return new ConvolutionLayer.Builder(3, 3)
                .name(name)
                .nOut(channels)
                .convolutionMode(ConvolutionMode.Same)
                .activation(Activation.IDENTITY);
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .nOut(4)
                .activation(Activation.SOFTMAX)
                .build();
    }

    private static MultiLayerNetwork initialized(NeuralNetConfiguration.ListBuilder list) {
        MultiLayerNetwork network = new MultiLayerNetwork(list.layer(output()).build());
        network.init();
        return network;
    }

    private static MultiLayerNetwork network(DataType type) {
        return initialized(list(type)
                .layer(convolution("conv1", 6).build())
                .layer(new BatchNormalization.Builder().name("norm").build())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(new SubsamplingLayer.Builder(2, 2).stride(2, 2).name("pool").build())
                .layer(convolution("conv2", 5).stride(2, 2).hasBias(false).activation(Activation.TANH).build()));
    }

    private static ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(configuration(DataType.FLOAT)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(12, 10, 3))
                .addLayer("stem", convolution("stem", 4).build(), "in")
                .addLayer("left", convolution("left", 3).build(), "stem")
                .addLayer("dilated", convolution("dilated", 3).dilation(2, 2).build(), "stem")
                .addVertex("merge", new MergeVertex(), "left", "dilated")
                .addLayer("residual", convolution("residual", 6).build(), "merge")
                .addVertex("add", new ElementWiseVertex(ElementWiseVertex.Op.Add), "merge", "residual")
                .addLayer("norm", new BatchNormalization(), "add")
                .addLayer("out", output(), "norm")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }
}
