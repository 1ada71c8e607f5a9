// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.conf.QuantizedPooling;
import io.github.dl4jpooling.zoo.catalogue.Examples;
import io.github.dl4jpooling.zoo.catalogue.LayerClasses;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * A network with every layer for images, each in a branch of its own, with settings at their defaults. A new layer is
 * in it without a change here.
 */
public final class EveryLayerNetwork {

    private static final int SIZE = 16;
    private static final int CHANNELS = 3;
    private static final int BATCH = 3;
    private static final int CLASSES = 3;

    private EveryLayerNetwork() {}

    /**
     * The layers.
     *
     * @param format order of axes
     * @return all that train and take images
     */
    public static List<PoolingLayer> layers(CNN2DFormat format) {
        List<PoolingLayer> layers = new ArrayList<>();
        for (Class<?> type : LayerClasses.all()) {
            if (PoolingLayer.class.isAssignableFrom(type) && type != QuantizedPooling.class) { // which does not train
                PoolingLayer layer = (PoolingLayer) Examples.of(2, format == CNN2DFormat.NHWC).layer(type).orElseThrow(
                        () -> new AssertionError(type + " has no builder that " + Examples.class + " has values for"));
                if (layer.dimensions() == 2) { // others are for sequences only
                    layers.add(layer);
                }
            }
        }
        return layers;
    }

    /**
     * The network.
     *
     * @param type of its numbers
     * @param format order of axes
     * @return the network, with weights that are always the same
     */
    public static ComputationGraph network(DataType type, CNN2DFormat format) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(type)
                .updater(new Sgd(0.05))
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(InputType.convolutional(SIZE, SIZE, CHANNELS, format));
        List<PoolingLayer> layers = layers(format);
        List<String> branches = new ArrayList<>();
        for (PoolingLayer layer : layers) {
            String name = layer.getClass().getSimpleName();
            graph.addLayer(name + " convolution", new ConvolutionLayer.Builder(3, 3).nOut(CHANNELS)
                    .convolutionMode(ConvolutionMode.Same).dataFormat(format).build(), "input");
            graph.addLayer(name, layer, name + " convolution");
            InputType pooled = layer.getOutputType(0, InputType.convolutional(SIZE, SIZE, CHANNELS, format));
            if (pooled.getType() == InputType.Type.CNN) {
                graph.addLayer(name + " mean", new GlobalPoolingLayer(PoolingType.AVG), name);
                name += " mean";
            }
            branches.add(name);
        }
        graph.addVertex("merge", new MergeVertex(), branches.toArray(new String[0]));
        graph.addLayer("output", new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).nOut(CLASSES)
                .activation(Activation.SOFTMAX).build(), "merge");
        ComputationGraph network = new ComputationGraph(graph.setOutputs("output").build());
        network.init();
        assertThat(network.getLayers()).filteredOn(layer -> layer.conf().getLayer() instanceof PoolingLayer)
                .hasSameSizeAs(layers);
        return network;
    }

    /**
     * Noise; the channel that belongs to the class of an example is brighter.
     *
     * @param type of the numbers
     * @param format order of axes
     * @return a batch, always the same
     */
    public static DataSet data(DataType type, CNN2DFormat format) {
        Nd4j.getRandom().setSeed(11);
        INDArray input = Nd4j.rand(DataType.DOUBLE, BATCH, CHANNELS, SIZE, SIZE);
        INDArray labels = Nd4j.create(type, BATCH, CLASSES);
        for (int example = 0; example < BATCH; example++) {
            labels.putScalar(example, example % CLASSES, 1);
            input.slice(example).slice(example % CLASSES).addi(1);
        }
        INDArray ordered = format == CNN2DFormat.NCHW ? input : input.permute(0, 2, 3, 1).dup('c');
        return new DataSet(ordered.castTo(type), labels);
    }
}
