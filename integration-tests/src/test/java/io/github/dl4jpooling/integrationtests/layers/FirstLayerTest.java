// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.ForEachPlainLayer;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.PoolingOperator;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Unusual places for a pooling layer. */
@ForEachPlainLayer
class FirstLayerTest {

    private final PoolingOperator operator;

    FirstLayerTest(PoolingOperator operator) {
        this.operator = operator;
    }

    /** Rows of pixels become images before the first layer. */
    @Test
    void flatImages() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(Conventions.layer(operator, 2, 2).build())
                .layer(new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutionalFlat(8, 6, 2))
                .build());
        network.init();
        INDArray images = Nd4j.randn(DataType.FLOAT, 4, 2 * 8 * 6);
        WindowPoolingLayer layer =
                (WindowPoolingLayer) network.getLayer(0).conf().getLayer();
        Comparison.assertSameBits(
                "activation",
                network.feedForward(images).get(1),
                Conventions.pool(operator, images.reshape(4, 2, 8, 6), layer.window()));
        assertThat(network.output(images).shape()).containsExactly(4, 3);
    }

    @Test
    void sequencesOfAnyLength() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(Conventions.layer(operator, 3).stride(2).build())
                .layer(new RnnOutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.recurrent(4))
                .build());
        network.init();
        assertThat(network.output(Nd4j.randn(DataType.FLOAT, 2, 4, 11)).shape()).containsExactly(2, 2, 5);
        assertThat(network.output(Nd4j.randn(DataType.FLOAT, 3, 4, 7)).shape()).containsExactly(3, 2, 3);
    }

    /** Nothing tells the layers their sizes. */
    @Test
    void withoutInputType() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2).nIn(1).nOut(3).build())
                .layer(Conventions.layer(operator, 2, 2).build())
                .build());
        network.init();
        assertThat(network.output(Nd4j.randn(DataType.FLOAT, 2, 1, 9, 7)).shape()).containsExactly(2, 3, 4, 3);
    }

    /** DL4J adds up, in place, the gradients of vertices that share their input. */
    @Test
    void sharedInput() {
        Doubles.byDefault(() -> {
            WindowPoolingLayer.Builder<?> same = Conventions.layer(operator, 2, 2);
            same.stride(1, 1).convolutionMode(ConvolutionMode.Same);
            ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                    .dataType(DataType.DOUBLE)
                    .updater(new NoOp())
                    .activation(Activation.TANH)
                    .graphBuilder()
                    .addInputs("input")
                    .addLayer("convolution", new ConvolutionLayer.Builder(2, 2).nOut(2).build(), "input")
                    .addLayer("one", same.build(), "convolution")
                    .addLayer("other", same.build(), "convolution")
                    .addVertex("merged", new MergeVertex(), "one", "convolution", "other")
                    .addLayer("output", new OutputLayer.Builder()
                            .nOut(2)
                            .activation(Activation.SOFTMAX)
                            .build(), "merged")
                    .setOutputs("output")
                    .setInputTypes(InputType.convolutional(5, 4, 2))
                    .build());
            graph.init();
            INDArray labels = Nd4j.eye(2).castTo(DataType.DOUBLE);
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                    .net(graph)
                    .inputs(new INDArray[] {Nd4j.randn(DataType.DOUBLE, 2, 2, 5, 4)})
                    .labels(new INDArray[] {labels})
                    .maxRelError(1e-5)
                    .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)))
                            .isTrue();
        });
    }

    /** What drop-out sets to 0 before the pooling gets no gradient. */
    @Test
    void dropOut() {
        WindowPoolingLayer configuration =
                Conventions.layer(operator, 2, 2).dropOut(0.5).build();
        MultiLayerNetwork network = new MultiLayerNetwork(
                new NeuralNetConfiguration.Builder().list().layer(configuration).build());
        network.init();
        INDArray images = Nd4j.ones(DataType.FLOAT, 2, 3, 8, 8);
        Comparison.assertSameBits(
                "test time", network.output(images), Conventions.pool(operator, images, configuration.window()));
        network.setInput(images.dup());
        INDArray y = network.feedForward(true, false).get(1).dup();
        INDArray kept = network.getLayer(0).input().dup(); // 0, or 1 / 0.5
        INDArray ones = Nd4j.ones(DataType.FLOAT, y.shape());
        INDArray gradient = network.getLayer(0)
                .backpropGradient(ones, LayerWorkspaceMgr.noWorkspaces())
                .getSecond();
        assertThat(y).isNotEqualTo(network.output(images));
        assertThat(kept.sumNumber().doubleValue()).isBetween(0.5 * kept.length(), 1.5 * kept.length());
        assertThat(gradient)
                .isEqualTo(Conventions.gradient(operator, kept, ones, configuration.window()).mul(kept));
    }
}
