// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.layers.OneDnn;
import io.github.dl4jpooling.layers.conf.SoftPooling;
import io.github.dl4jpooling.layers.conf.vertex.RoiAlignVertex;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SDPooling;
import io.github.dl4jpooling.ops.SoftPool;
import io.github.dl4jpooling.zoo.PooledZoo;
import io.github.dl4jpooling.zoo.swap.Pooling;
import io.github.dl4jpooling.zoo.swap.PoolingSwap;
import io.github.dl4jpooling.zoo.swap.SwapResult;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.model.SqueezeNet;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** The examples of the README, as they stand there. */
class ReadmeTest {

    @Test
    void layer() {
        MultiLayerConfiguration conf = new NeuralNetConfiguration.Builder()
                .updater(new Adam(1e-3))
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(16).activation(Activation.RELU).build())
                .layer(new SoftPooling.Builder(2, 2).stride(2, 2).build())
                .layer(new OutputLayer.Builder().nOut(10).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(28, 28, 1))
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(conf);
        network.init();

        OneDnn.enable(network);
        assertThat(network.output(Nd4j.rand(DataType.FLOAT, 2, 1, 28, 28)).shape()).containsExactly(2, 10);
    }

    @Test
    void op() {
        SameDiff sd = SameDiff.create();
        SDVariable x = sd.var("x", Nd4j.rand(DataType.FLOAT, 8, 3, 32, 32));
        PoolingWindow window = PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build();
        SDVariable y = new SDPooling(sd).pool("pooled", new SoftPool(window), x);
        y.mul(y).mean("loss").markAsLoss();
        INDArray pooled = y.eval();
        INDArray gradient = sd.calculateGradients(Map.of(), "x").get("x");
        INDArray same = new NDPooling().pool(new SoftPool(window), x.getArr());

        assertThat(pooled).isEqualTo(same);
        assertThat(gradient.shape()).containsExactly(8, 3, 32, 32);
        assertThat(gradient.norm2Number().doubleValue()).isPositive();
    }

    @Test
    void vertex() {
        ComputationGraphConfiguration conf = new NeuralNetConfiguration.Builder().graphBuilder()
                .addInputs("features", "boxes")
                .addVertex(
                        "regions", new RoiAlignVertex.Builder(7, 7).spatialScale(1 / 16.0).build(), "features", "boxes")
                .addLayer("output", new OutputLayer.Builder().nIn(3 * 49).nOut(2).build(),
                        new CnnToFeedForwardPreProcessor(7, 7, 3), "regions")
                .setOutputs("output")
                .build();
        ComputationGraph network = new ComputationGraph(conf);
        network.init();
        INDArray features = Nd4j.rand(DataType.FLOAT, 2, 3, 14, 14);
        INDArray boxes = Nd4j.createFromArray(new float[][] {{0, 0, 0, 100, 100}, {1, 50, 60, 200, 120}});
        assertThat(network.output(features, boxes)[0].shape()).containsExactly(2, 2);
    }

    @Test
    void zoo() {
        ComputationGraph network = PooledZoo.resNet50().pooling(Pooling.soft()).numClasses(10).build().init();

        assertThat(network.getLayer("stem-maxpool1").conf().getLayer()).isInstanceOf(SoftPooling.class);
    }

    @Test
    void swap() {
        ComputationGraph network = SqueezeNet.builder()
                .numClasses(10)
                .inputShape(new int[] {3, 64, 64})
                .build()
                .init();
        INDArray images = Nd4j.rand(DataType.FLOAT, 1, 3, 64, 64);
        SwapResult<ComputationGraph> swap = PoolingSwap.to(Pooling.soft())
                .matching("pool.*")
                .checkedOn(images)
                .apply(network);

        assertThat(swap.report().toString()).contains("pool1", "soft", "not preserved");
        ComputationGraph pooled = swap.network();
        assertThat(pooled.outputSingle(images).shape()).containsExactly(1, 10);
    }
}
