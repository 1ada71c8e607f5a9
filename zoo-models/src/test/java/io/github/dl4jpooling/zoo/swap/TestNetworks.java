// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;
import org.nd4j.linalg.schedule.StepSchedule;

/** Small networks and data. */
final class TestNetworks {
    static final int CLASSES = 3;

    private TestNetworks() {}

    /** The learning rate depends on the iteration, so that a lost count shows. */
    static NeuralNetConfiguration.Builder settings() {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .updater(new Adam(new StepSchedule(ScheduleType.ITERATION, 0.01, 0.5, 2)));
    }

    static OutputLayer outputLayer() {
        return new OutputLayer.Builder()
                .nOut(CLASSES)
                .activation(Activation.SOFTMAX)
                .build();
    }

    static SubsamplingLayer max(int kernel, int stride) {
        return new SubsamplingLayer.Builder(
                SubsamplingLayer.PoolingType.MAX, new int[] {kernel, kernel}, new int[] {stride, stride})
                        .build();
    }

    /** An initialized network of the given layers and an output layer. */
    static MultiLayerNetwork network(InputType inputType, Layer... layers) {
        return network(UnaryOperator.identity(), inputType, layers);
    }

    static MultiLayerNetwork network(
            UnaryOperator<NeuralNetConfiguration.Builder> changes, InputType inputType, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = changes.apply(settings()).list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerNetwork network = new MultiLayerNetwork(
                list.layer(outputLayer()).setInputType(inputType).build());
        network.init();
        return network;
    }

    /** Images 12x12: convolution, a pooling layer named "pool", convolution, a pooling layer. */
    static MultiLayerNetwork images(Layer first, Layer second) {
        first.setLayerName("pool");
        return network(
                InputType.convolutional(12, 12, 2),
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(4)
                        .convolutionMode(ConvolutionMode.Same)
                        .activation(Activation.TANH)
                        .build(),
                first,
                new ConvolutionLayer.Builder(3, 3)
                        .nOut(5)
                        .activation(Activation.TANH)
                        .build(),
                second);
    }

    static MultiLayerNetwork images() {
        return images(max(2, 2), max(3, 1));
    }

    /** A graph with two branches, each with a pooling layer, and a global one. */
    static ComputationGraphConfiguration graph() {
        return settings()
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(12, 12, 2))
                .addLayer("conv", new ConvolutionLayer.Builder(3, 3).nOut(4).build(), "in")
                .addLayer("left", max(2, 2), "conv")
                .addLayer(
                        "right",
                        new SubsamplingLayer.Builder(
                                SubsamplingLayer.PoolingType.AVG, new int[] {2, 2}, new int[] {2, 2})
                                        .build(),
                        "conv")
                .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "left", "right")
                .addLayer("global", new GlobalPoolingLayer(PoolingType.AVG), "sum")
                .addLayer("out", outputLayer(), "global")
                .setOutputs("out")
                .build();
    }

    static INDArray features(long... shape) {
        return Nd4j.rand(DataType.FLOAT, shape);
    }

    static INDArray labels(int examples, int classes) {
        INDArray labels = Nd4j.zeros(examples, classes);
        for (int i = 0; i < examples; i++) {
            labels.putScalar(i, i % classes, 1);
        }
        return labels;
    }

    /** Equal in every bit, which INDArray.equals does not ask for. */
    static void assertEqual(INDArray actual, INDArray expected) {
        assertThat(actual.dataType()).isEqualTo(expected.dataType());
        assertThat(actual.shape()).isEqualTo(expected.shape());
        assertThat(actual.dup('c').data().asDouble())
                .isEqualTo(expected.dup('c').data().asDouble());
    }
}
