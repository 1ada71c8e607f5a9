// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.layers.SpikeActivation;
import io.github.dl4jpooling.layers.conf.FirstSpikePooling;
import io.github.dl4jpooling.layers.conf.SpikeGatePooling;
import io.github.dl4jpooling.layers.conf.SpikingPoolingLayer;
import io.github.dl4jpooling.ops.SpikeGatePool.Rule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowingConsumer;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Layers that pool spikes, in networks whose volumes have time for depth. */
class SpikingLayerTest {

    private static final int STEPS = 6;
    private static final int SIZE = 8;

    private static Stream<SpikingPoolingLayer> layers() {
        return Stream.of(new FirstSpikePooling.Builder(2, 2).build(), new SpikeGatePooling.Builder(2, 2).build(),
                new SpikeGatePooling.Builder(3, 3).padding(1, 1).rule(Rule.ANY_MAXIMAL).build());
    }

    private static Stream<DynamicTest> everyLayer(ThrowingConsumer<SpikingPoolingLayer> check) {
        return layers().map(layer -> DynamicTest.dynamicTest(layer.op(false).toString(), () -> check.accept(layer)));
    }

    private static MultiLayerNetwork network(Layer pooling, DataType type, IUpdater updater, IActivation activation) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(updater)
                .list()
                .layer(new Convolution3D.Builder(1, 3, 3).nOut(4).convolutionMode(ConvolutionMode.Same)
                        .activation(activation).dataFormat(Convolution3D.DataFormat.NCDHW).build())
                .layer(pooling)
                // A window fires once where the first spike inhibits: these are counted.
                .layer(new GlobalPoolingLayer(
                        pooling instanceof FirstSpikePooling ? PoolingType.SUM : PoolingType.AVG))
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).nOut(2)
                        .activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, STEPS, SIZE, SIZE, 1))
                .build());
        network.init();
        return network;
    }

    /** A flickering bar among noise; the label is its direction. */
    private static DataSet bars(DataType type, int count, long seed) {
        Random random = new Random(seed);
        INDArray spikes = Nd4j.create(type, count, 1, STEPS, SIZE, SIZE);
        INDArray labels = Nd4j.create(type, count, 2);
        for (int example = 0; example < count; example++) {
            labels.putScalar(example, example % 2, 1);
            int line = random.nextInt(SIZE);
            for (int t = 0; t < STEPS; t++) {
                for (int i = 0; i < SIZE; i++) {
                    if (random.nextInt(4) > 0) {
                        int row = example % 2 == 0 ? line : i;
                        spikes.putScalar(new int[] {example, 0, t, row, example % 2 == 0 ? i : line}, 1);
                    }
                    if (random.nextInt(8) == 0) {
                        spikes.putScalar(
                                new int[] {example, 0, t, random.nextInt(SIZE), random.nextInt(SIZE)}, 1);
                    }
                }
            }
        }
        return new DataSet(spikes, labels);
    }

    /** The convolution learns what the pooling needs of it, through spikes and gates. */
    @TestFactory
    Stream<DynamicTest> learns() {
        return everyLayer(layer -> {
            MultiLayerNetwork network =
                    network(layer, DataType.FLOAT, new Adam(0.05), new SpikeActivation());
            DataSet data = bars(DataType.FLOAT, 64, 1);
            INDArray filters = network.getParam("0_W").dup();
            for (int step = 0; step < 100; step++) {
                network.fit(data);
            }
            DataSet test = bars(DataType.FLOAT, 64, 2);
            INDArray right = network.output(test.getFeatures()).argMax(1).eq(test.getLabels().argMax(1));
            assertThat(right.castTo(DataType.FLOAT).meanNumber().doubleValue()).isGreaterThan(0.8);
            assertThat(network.getParam("0_W").distance2(filters)).isPositive();
            INDArray pooled = network.feedForward(test.getFeatures()).get(2);
            assertThat(pooled.eq(0).castTo(DataType.FLOAT).add(pooled.eq(1).castTo(DataType.FLOAT)).minNumber()
                    .doubleValue()).isEqualTo(1);
        });
    }

    /** With elements of any size the gradient is the derivative. */
    @TestFactory
    Stream<DynamicTest> gradients() {
        return everyLayer(layer -> Doubles.byDefault(() -> {
            MultiLayerNetwork network = network(layer, DataType.DOUBLE, new NoOp(), new ActivationTanH());
            Nd4j.getRandom().setSeed(5);
            INDArray input = Nd4j.randn(DataType.DOUBLE, 3, 1, STEPS, SIZE, SIZE);
            INDArray labels = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {1, 0}});
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                    .net(network).input(input).labels(labels).epsilon(1e-6).maxRelError(1e-5).minAbsoluteError(1e-8)
                    .print(GradientCheckUtil.PrintMode.FAILURES_ONLY))).isTrue();
        }));
    }

    @TestFactory
    Stream<DynamicTest> files() {
        return everyLayer(layer -> {
            MultiLayerNetwork network =
                    network(layer, DataType.FLOAT, new Adam(0.05), new SpikeActivation(2));
            network.fit(bars(DataType.FLOAT, 8, 1));
            MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
            assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
            assertThat(MultiLayerConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            ModelSerializer.writeModel(network, file, true);
            MultiLayerNetwork read =
                    ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);
            INDArray input = bars(DataType.FLOAT, 8, 2).getFeatures();
            Comparison.assertSameBits("output", read.output(input), network.output(input));
            assertThat(layer.clone()).isEqualTo(layer).isNotSameAs(layer);
        });
    }

    /** Sequences: images whose height is time. */
    @Test
    void sequences() throws IOException {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new ConvolutionLayer.Builder(1, 3).nOut(3).activation(new SpikeActivation()).build())
                .layer(new SpikeGatePooling.Builder(2).stride(2).build())
                .layer(new FirstSpikePooling.Builder(2).stride(2).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).nOut(2)
                        .activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(STEPS, 10, 2))
                .build());
        network.init();
        INDArray input = Nd4j.rand(DataType.FLOAT, 5, 2, STEPS, 10).gt(0.5).castTo(DataType.FLOAT);
        assertThat(network.feedForward(input).get(3).shape()).containsExactly(5, 3, STEPS, 2);
        network.fit(input, Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}}));
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> new FirstSpikePooling.Builder(2, 2, 2).stride(2, 2, 2).build())
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContainingAll("FirstSpikePooling", "1 or 2 dimensions");
        SpikeGatePooling layer = new SpikeGatePooling.Builder(9, 9).build();
        assertThatThrownBy(() -> layer.getOutputType(
                1, InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, STEPS, SIZE, SIZE, 1)))
                        .isInstanceOf(DL4JInvalidConfigException.class)
                        .hasMessageContainingAll("SpikeGatePooling", "larger than the padded map");
        assertThatThrownBy(() -> layer.getOutputType(1, InputType.convolutional(8, 8, 1)))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("CNN3D");
        assertThatThrownBy(() -> layer.reduceMask(Nd4j.ones(2, 6))).hasMessageContaining("masks are not supported");
        assertThatThrownBy(() -> new SpikeActivation(-1)).hasMessageContaining("steepness");
    }
}
