// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.ForEachPlainLayer;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.PoolingOperator;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Sgd;

/** A pooling layer takes the place of DL4J's own in a trained network, and stays when a network is changed. */
@ForEachPlainLayer
class TransferTest {

    private final PoolingOperator operator;

    TransferTest(PoolingOperator operator) {
        this.operator = operator;
    }

    private static Layer maximum() {
        return new SubsamplingLayer.Builder(new int[] {2, 2}, new int[] {2, 2}).build();
    }

    @Test
    void replacesVertexOfGraph() {
        checkGraph(false);
    }

    /** Without new input types DL4J does not tell the new layer the order of axes: the builder has to. */
    @Test
    void replacesVertexOfGraphWithChannelsLast() {
        checkGraph(true);
    }

    private void checkGraph(boolean channelsLast) {
        Networks networks = new Networks(operator, 2, channelsLast);
        ComputationGraph before = networks.graphNetwork(maximum());
        WindowPoolingLayer.Builder<?> builder = networks.pooling();
        builder.dataFormat(channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW);
        WindowPoolingLayer pooling = builder.build();

        ComputationGraph after = new TransferLearning.GraphBuilder(before)
                .removeVertexKeepConnections(Networks.POOLING)
                .addLayer(Networks.POOLING, pooling, "first")
                .build();

        INDArray input = networks.input();
        Comparison.assertSameBits("parameters", after.params(), before.params());
        INDArray activation = before.feedForward(input, false).get("first");
        Comparison.assertSameBits(
                "activation",
                after.feedForward(input, false).get(Networks.POOLING),
                Conventions.pool(operator, activation, pooling.window()));
        after.fit(new DataSet(input, networks.labels(after.outputSingle(input))));
        assertThat(after.params()).isNotEqualTo(before.params());
    }

    @Test
    void replacesLayerOfNetwork() {
        Networks networks = new Networks(operator, 2, false);
        MultiLayerNetwork before = networks.network(maximum());
        MultiLayerConfiguration configuration =
                before.getLayerWiseConfigurations().clone();
        WindowPoolingLayer pooling = networks.pooling().build();
        configuration.getConf(1).setLayer(pooling);
        MultiLayerNetwork after = new MultiLayerNetwork(configuration);
        after.init(before.params().dup(), false);

        INDArray input = networks.input();
        INDArray activation = before.feedForward(input).get(1);
        Comparison.assertSameBits(
                "activation",
                after.feedForward(input).get(2),
                Conventions.pool(operator, activation, pooling.window()));
    }

    /** DL4J runs what lies before the new output once and freezes it. */
    @Test
    void staysBelowNewOutput() {
        Networks networks = new Networks(operator, 2, false);
        MultiLayerNetwork before = networks.network(networks.pooling().build());
        INDArray input = networks.input();
        MultiLayerNetwork after = new TransferLearning.Builder(before)
                .fineTuneConfiguration(
                        new FineTuneConfiguration.Builder().updater(new Sgd(0.1)).build())
                .setFeatureExtractor(1)
                .removeOutputLayer()
                .addLayer(new OutputLayer.Builder()
                        .nIn(Networks.CHANNELS * 3 * 4)
                        .nOut(3)
                        .activation(Activation.SOFTMAX)
                        .build())
                .build();
        INDArray weights = after.getLayer(0).params().dup();
        after.fit(new DataSet(input, networks.labels(after.output(input))));
        Comparison.assertSameBits("frozen", after.getLayer(0).params(), weights);
        Comparison.assertSameBits(
                "activation", after.feedForward(input).get(2), before.feedForward(input).get(2));
    }

    @Test
    void memoryReport() {
        Networks networks = new Networks(operator, 2, false);
        MultiLayerConfiguration configuration =
                networks.sequential(networks.pooling().build());
        assertThat(configuration.getMemoryReport(InputType.convolutional(8, 9, 2)).toString())
                .contains("1 x " + operator.className() + "ing");
    }
}
