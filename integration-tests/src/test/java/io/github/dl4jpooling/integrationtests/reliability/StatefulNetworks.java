// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import io.github.dl4jpooling.layers.conf.DeformablePolicyPooling;
import io.github.dl4jpooling.layers.conf.FakeQuantizeLayer;
import io.github.dl4jpooling.layers.conf.FractionalMaxPooling;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.conf.RandomMixedPooling;
import io.github.dl4jpooling.layers.conf.S3Pooling;
import io.github.dl4jpooling.layers.conf.SePooling;
import io.github.dl4jpooling.layers.conf.StochasticPooling;
import io.github.dl4jpooling.zoo.catalogue.Examples;
import java.util.List;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Small networks, each with a layer that draws at random, keeps statistics or remembers its forward pass. */
final class StatefulNetworks {

    private static final List<Class<? extends PoolingLayer>> LAYERS = List.of(
            StochasticPooling.class, RandomMixedPooling.class, S3Pooling.class, FractionalMaxPooling.class,
            DeformablePolicyPooling.class, FakeQuantizeLayer.class, SePooling.class);
    private static final int SIZE = 10;
    private static final int BATCH = 4;

    private StatefulNetworks() {}

    static List<MultiLayerNetwork> all() {
        return LAYERS.stream()
                .map(type -> network(Examples.of(2, false).layer(type).orElseThrow()))
                .collect(Collectors.toList());
    }

    /** A network with the layer behind a convolution. */
    static MultiLayerNetwork network(Layer layer) {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.01))
                .activation(Activation.RELU)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).build())
                .layer(layer)
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).nOut(2)
                        .activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(SIZE, SIZE, 1))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    /** Noise, brighter in one half; which half it is depends on the class. Sets the seed of ND4J's generator. */
    static DataSet data(int number) {
        Nd4j.getRandom().setSeed(100 + number);
        INDArray images = Nd4j.rand(DataType.FLOAT, BATCH, 1, SIZE, SIZE);
        INDArray labels = Nd4j.create(DataType.FLOAT, BATCH, 2);
        for (int example = 0; example < BATCH; example++) {
            int brighter = example % 2;
            labels.putScalar(example, brighter, 1);
            for (int row = 0; row < SIZE / 2; row++) {
                images.slice(example).slice(0).slice(row + brighter * SIZE / 2).addi(1);
            }
        }
        return new DataSet(images, labels);
    }
}
