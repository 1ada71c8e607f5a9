// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.layers.conf.AttentionPooling;
import io.github.dl4jpooling.layers.conf.AttentionPoolingLayer;
import io.github.dl4jpooling.layers.conf.MultiHeadAttentionPooling;
import io.github.dl4jpooling.layers.conf.vertex.CrossAttentionVertex;
import io.github.dl4jpooling.ops.AttentionGate;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Attention pooling in networks: gradients with and without masks, and what it is made to learn. */
class AttentionPoolingTest {

    private static final int EXAMPLES = 64;
    private static final int LENGTH = 20;
    private static final int KEYS = 4;

    private static List<AttentionPoolingLayer> layers() {
        return List.of(
                new AttentionPooling.Builder().dimensions(1).build(),
                new AttentionPooling.Builder(AttentionGate.POSITION).hiddenUnits(3).dimensions(1).build(),
                new AttentionPooling.Builder(AttentionGate.CHANNEL).dimensions(1).build(),
                new MultiHeadAttentionPooling.Builder(2, 3).dimensions(1).queries(2).build());
    }

    private static NeuralNetConfiguration.Builder settings(IUpdater updater, DataType type) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .trainingWorkspaceMode(WorkspaceMode.ENABLED)
                .inferenceWorkspaceMode(WorkspaceMode.ENABLED)
                .activation(Activation.TANH)
                .updater(updater);
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(LossFunction.MCXENT).nOut(2).activation(Activation.SOFTMAX).build();
    }

    /** Examples of different lengths. DL4J's convolution takes only masks of the network's type. */
    private static INDArray mask(DataType type, int examples, int length) {
        INDArray mask = Nd4j.ones(type, examples, length);
        for (int i = 0; i < examples; i++) {
            for (int t = length - i; t < length; t++) {
                mask.putScalar(i, t, 0);
            }
        }
        return mask;
    }

    private static INDArray alternating(int examples, DataType type) {
        INDArray labels = Nd4j.zeros(type, examples, 2);
        for (int i = 0; i < examples; i++) {
            labels.putScalar(i, i % 2, 1);
        }
        return labels;
    }

    @TestFactory
    Stream<DynamicTest> gradientsOfLayers() {
        return layers().stream().map(layer -> DynamicTest.dynamicTest(layer.toString(), () -> {
            Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
            try {
                MultiLayerNetwork network = new MultiLayerNetwork(settings(new NoOp(), DataType.DOUBLE)
                        .list()
                        .layer(new Convolution1DLayer.Builder(1).nOut(4).build())
                        .layer(layer)
                        .layer(output())
                        .setInputType(InputType.recurrent(3, 6))
                        .build());
                network.init();
                Nd4j.getRandom().setSeed(2);
                network.params().addi(Nd4j.randn(DataType.DOUBLE, network.params().shape()).muli(0.2));
                GradientCheckUtil.MLNConfig check = new GradientCheckUtil.MLNConfig()
                        .net(network)
                        .input(Nd4j.randn(DataType.DOUBLE, 3, 3, 6))
                        .labels(alternating(3, DataType.DOUBLE))
                        .subset(true)
                        .maxPerParam(8);
                assertThat(GradientCheckUtil.checkGradients(check)).isTrue();
                assertThat(GradientCheckUtil.checkGradients(check.inputMask(mask(DataType.DOUBLE, 3, 6)))).isTrue();
            } finally {
                Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
            }
        }));
    }

    private static ComputationGraph crossNetwork(IUpdater updater, DataType type, int heads, int size) {
        ComputationGraphConfiguration configuration = settings(updater, type)
                .graphBuilder()
                .addInputs("question", "facts")
                .addVertex("pool", new CrossAttentionVertex(heads, size), "question", "facts")
                .addLayer("output", output(), "pool")
                .setOutputs("output")
                .setInputTypes(InputType.recurrent(KEYS), InputType.recurrent(KEYS + 1))
                .build();
        ComputationGraph network = new ComputationGraph(
                ComputationGraphConfiguration.fromJson(configuration.toJson()));
        network.init();
        return network;
    }

    @Test
    void gradientsOfTheVertex() {
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        try {
            GradientCheckUtil.GraphConfig check = new GradientCheckUtil.GraphConfig()
                    .net(crossNetwork(new NoOp(), DataType.DOUBLE, 2, 3))
                    .inputs(new INDArray[] {
                        Nd4j.randn(DataType.DOUBLE, 3, KEYS, 4), Nd4j.randn(DataType.DOUBLE, 3, KEYS + 1, 6)})
                    .labels(new INDArray[] {alternating(3, DataType.DOUBLE)})
                    .subset(true)
                    .maxPerParam(6);
            assertThat(GradientCheckUtil.checkGradients(check)).isTrue();
            assertThat(GradientCheckUtil.checkGradients(
                    check.inputMask(new INDArray[] {mask(DataType.FLOAT, 3, 4), mask(DataType.FLOAT, 3, 6)}))).isTrue();
        } finally {
            Nd4j.setDefaultDataTypes(DataType.FLOAT, DataType.FLOAT);
        }
    }

    /** What masked positions hold changes nothing; without masks, afterwards, it does again. */
    @Test
    void masksDoNotOutliveTheirCall() {
        ComputationGraph network = crossNetwork(new NoOp(), DataType.FLOAT, 1, 4);
        INDArray question = Nd4j.randn(DataType.FLOAT, 3, KEYS, 4);
        INDArray facts = Nd4j.randn(DataType.FLOAT, 3, KEYS + 1, 6);
        INDArray unmasked = network.outputSingle(question, facts).dup();
        INDArray[] masks = {mask(DataType.FLOAT, 3, 4), mask(DataType.FLOAT, 3, 6)};
        INDArray masked = network.output(false, new INDArray[] {question, facts}, masks)[0].dup();
        INDArray changed = facts.dup();
        changed.putScalar(2, 1, 5, Double.NaN);
        assertThat(network.output(false, new INDArray[] {question, changed}, masks)[0]).isEqualTo(masked);
        network.clearLayerMaskArrays();
        assertThat(network.outputSingle(question, facts)).isEqualTo(unmasked).isNotEqualTo(masked);
    }

    /** Noise; one position, marked by the first channel, says the class in the second. */
    private static DataSet needles(int seed) {
        Random random = new Random(seed);
        INDArray x = Nd4j.create(DataType.FLOAT, EXAMPLES, 3, LENGTH);
        INDArray labels = Nd4j.create(DataType.FLOAT, EXAMPLES, 2);
        for (int n = 0; n < EXAMPLES; n++) {
            for (int c = 0; c < 3; c++) {
                for (int t = 0; t < LENGTH; t++) {
                    x.putScalar(n, c, t, c == 0 ? 0.2 * random.nextGaussian() : random.nextGaussian());
                }
            }
            int at = random.nextInt(LENGTH);
            int label = random.nextInt(2);
            x.putScalar(n, 0, at, 3);
            x.putScalar(n, 1, at, 4 * label - 2);
            labels.putScalar(n, label, 1);
        }
        return new DataSet(x, labels);
    }

    private static double accuracyOnNeedles(Layer pooling) {
        MultiLayerNetwork network = new MultiLayerNetwork(settings(new Adam(0.1), DataType.FLOAT)
                .list()
                .layer(pooling)
                .layer(output())
                .setInputType(InputType.recurrent(3))
                .build());
        network.init();
        DataSet data = needles(1);
        for (int step = 0; step < 60; step++) {
            network.fit(data);
        }
        DataSet fresh = needles(2);
        return accuracy(network.output(fresh.getFeatures()), fresh.getLabels());
    }

    private static double accuracy(INDArray output, INDArray labels) {
        return output.argMax(1).eq(labels.argMax(1)).castTo(DataType.DOUBLE).meanNumber().doubleValue();
    }

    @TestFactory
    Stream<DynamicTest> findsTheOnePositionThatMatters() {
        double mean = accuracyOnNeedles(new GlobalPoolingLayer(PoolingType.AVG));
        return layers().stream().map(layer -> DynamicTest.dynamicTest(layer.toString(),
                () -> assertThat(accuracyOnNeedles(layer)).isGreaterThan(0.9).isGreaterThan(mean + 0.1)));
    }

    /** Facts are keys with a value, in any order; the question names a key, the class is its value. */
    private static MultiDataSet facts(int seed) {
        Random random = new Random(seed);
        INDArray question = Nd4j.create(DataType.FLOAT, EXAMPLES, KEYS, 2);
        INDArray facts = Nd4j.create(DataType.FLOAT, EXAMPLES, KEYS + 1, KEYS);
        INDArray labels = Nd4j.create(DataType.FLOAT, EXAMPLES, 2);
        for (int n = 0; n < EXAMPLES; n++) {
            int asked = random.nextInt(KEYS);
            int shift = random.nextInt(KEYS);
            question.putScalar(n, asked, 0, 2);
            question.putScalar(n, random.nextInt(KEYS), 1, 2); // masked
            for (int key = 0; key < KEYS; key++) {
                int value = random.nextInt(2);
                facts.putScalar(n, key, (key + shift) % KEYS, 2);
                facts.putScalar(n, KEYS, (key + shift) % KEYS, 4 * value - 2);
                if (key == asked) {
                    labels.putScalar(n, value, 1);
                }
            }
        }
        INDArray mask = Nd4j.ones(DataType.FLOAT, EXAMPLES, 2);
        mask.getColumn(1).assign(0);
        return new MultiDataSet(new INDArray[] {question, facts}, new INDArray[] {labels},
                new INDArray[] {mask, Nd4j.ones(DataType.FLOAT, EXAMPLES, KEYS)}, null);
    }

    /** Means of facts tell the class of two thirds of the examples. */
    @Test
    void modalitiesAreMatched() {
        ComputationGraph network = crossNetwork(new Adam(0.05), DataType.FLOAT, 1, 6);
        MultiDataSet data = facts(1);
        for (int step = 0; step < 80; step++) {
            network.fit(data);
        }
        MultiDataSet fresh = facts(2);
        INDArray output = network.output(false, fresh.getFeatures(), fresh.getFeaturesMaskArrays())[0];
        assertThat(accuracy(output, fresh.getLabels(0))).isGreaterThan(0.9);
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> new CrossAttentionVertex(0, 4)).hasMessageContaining("heads must be from 1");
        assertThatThrownBy(() -> new MultiHeadAttentionPooling.Builder(2, 0).build())
                .hasMessageContaining("headSize must be from 1");
        assertThatThrownBy(() -> new AttentionPooling.Builder().build()
                .getOutputType(0, InputType.recurrent(3))).hasMessageContaining("CNN");
    }
}
