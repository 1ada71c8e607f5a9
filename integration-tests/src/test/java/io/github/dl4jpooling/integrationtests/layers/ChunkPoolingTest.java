// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.oracle.StepMasks;
import io.github.dl4jpooling.layers.conf.ChunkPooling;
import io.github.dl4jpooling.ops.SpanOp;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Chunk pooling in networks. */
class ChunkPoolingTest {

    private static final int BATCH = 4;
    private static final int STEPS = 7;

    private static MultiLayerNetwork network(SpanOp.Kind kind, RNNFormat format) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(new SimpleRnn.Builder().nOut(3).activation(Activation.TANH).dataFormat(format).build())
                .layer(new ChunkPooling.Builder(3).kind(kind).build())
                .layer(new RnnOutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .nOut(2)
                        .dataFormat(format)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(2, STEPS, format))
                .build());
        network.init();
        return network;
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        return Arrays.stream(SpanOp.Kind.values()).flatMap(kind -> Arrays.stream(RNNFormat.values())
                .map(format -> DynamicTest.dynamicTest(kind + " " + format, () -> Doubles.byDefault(() -> {
                    MultiLayerNetwork network = network(kind, format);
                    boolean last = format == RNNFormat.NWC;
                    Nd4j.getRandom().setSeed(2);
                    INDArray x = Nd4j.randn(DataType.DOUBLE, BATCH, last ? STEPS : 2, last ? 2 : STEPS);
                    INDArray mask = StepMasks.END.draw(new Random(3), BATCH, STEPS).toArray(DataType.DOUBLE, false);
                    mask.getColumn(0).assign(1);
                    assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                            .net(network)
                            .input(x)
                            .labels(Nd4j.randn(DataType.DOUBLE, BATCH, last ? 3 : 2, last ? 2 : 3))
                            .inputMask(mask)
                            .labelMask(Nd4j.ones(DataType.DOUBLE, BATCH, 3))
                            .maxRelError(1e-5)
                            .minAbsoluteError(1e-9)
                            .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)))
                                    .isTrue();
                }))));
    }

    @Test
    void masks() {
        INDArray mask = Nd4j.createFromArray(new float[][] {{0, 1, 0}, {0, 0, 0}});
        INDArray expected = Nd4j.createFromArray(new float[][] {{1, 1, 1}, {0, 0, 0}});
        assertThat(network(SpanOp.Kind.MAX, RNNFormat.NCW).getLayer(1)
                .feedForwardMaskArray(mask, MaskState.Active, 2).getFirst()).isEqualTo(expected);
    }

    @Test
    void settingsSurviveJson() {
        MultiLayerConfiguration configuration =
                network(SpanOp.Kind.MEAN, RNNFormat.NCW).getLayerWiseConfigurations();
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(configuration.toJson());
        assertThat(read).isEqualTo(configuration);
        ChunkPooling layer = (ChunkPooling) read.getConf(1).getLayer();
        assertThat(layer.getKind()).isEqualTo(SpanOp.Kind.MEAN);
        assertThat(layer.getK()).isEqualTo(3);
    }
}
