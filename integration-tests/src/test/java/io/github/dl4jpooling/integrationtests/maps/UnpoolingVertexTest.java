// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.MaxUnpoolingVertex;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** An auto-encoder that pools and unpools. */
class UnpoolingVertexTest {

    @TempDir
    private Path folder;

    private static ConvolutionLayer convolution(CNN2DFormat format, int channels) {
        return new ConvolutionLayer.Builder(3, 3)
                .nOut(channels)
                .convolutionMode(ConvolutionMode.Same)
                .dataFormat(format)
                .build();
    }

    private static ComputationGraph network(CNN2DFormat format) {
        MaxPooling.Builder pooling = new MaxPooling.Builder(2, 2);
        WindowPoolingLayer pool = pooling.build();
        MaxUnpoolingVertex unpool = new MaxUnpoolingVertex(
                new int[] {2, 2}, new int[] {2, 2}, new int[] {0, 0}, format == CNN2DFormat.NHWC);
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("input")
                .addLayer("encoded", convolution(format, 3), "input")
                .addLayer("pooled", pool, "encoded")
                .addLayer("deep", convolution(format, 3), "pooled")
                .addVertex("unpooled", unpool, "deep", "encoded")
                .addLayer("decoded", convolution(format, 1), "unpooled")
                .addLayer("output", new CnnLossLayer.Builder(LossFunctions.LossFunction.MSE).format(format)
                        .activation(Activation.IDENTITY).build(), "decoded")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(8, 6, 1, format))
                .build();
        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        return network;
    }

    private static INDArray images(CNN2DFormat format) {
        return format == CNN2DFormat.NHWC
                ? Nd4j.rand(DataType.DOUBLE, 2, 8, 6, 1)
                : Nd4j.rand(DataType.DOUBLE, 2, 1, 8, 6);
    }

    @Test
    void gradients() {
        Doubles.byDefault(() -> {
            INDArray x = images(CNN2DFormat.NCHW);
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                    .net(network(CNN2DFormat.NCHW))
                    .inputs(new INDArray[] {x})
                    .labels(new INDArray[] {x})
                    .epsilon(1e-6)
                    .maxRelError(1e-5)
                    .minAbsoluteError(1e-9)
                    .subset(true)
                    .maxPerParam(12)
                    .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)))
                            .isTrue();
        });
    }

    /** DL4J's loss layer reports another score with the channels last, which a numeric check stumbles over. */
    @Test
    void gradientsWithChannelsLast() {
        INDArray x = images(CNN2DFormat.NCHW);
        ComputationGraph first = network(CNN2DFormat.NCHW);
        ComputationGraph last = network(CNN2DFormat.NHWC);
        last.setParams(first.params().dup());
        assertThat(gradient(last, x.permute(0, 2, 3, 1).dup('c'))).isEqualTo(gradient(first, x));
    }

    private static INDArray gradient(ComputationGraph network, INDArray x) {
        network.setInputs(x);
        network.setLabels(x);
        network.computeGradientAndScore();
        return network.gradient().gradient();
    }

    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void valuesStandWhereTheMaximaWere(CNN2DFormat format) throws IOException {
        ComputationGraph network = network(format);
        INDArray x = images(format);
        Map<String, INDArray> activations = network.feedForward(new INDArray[] {x}, false);
        INDArray encoded = activations.get("encoded");
        INDArray unpooled = activations.get("unpooled");
        assertThat(unpooled.shape()).isEqualTo(encoded.shape());
        assertThat(unpooled.sumNumber().doubleValue()).isCloseTo(
                activations.get("deep").sumNumber().doubleValue(), within(1e-9));
        INDArray there = unpooled.neq(0).castTo(DataType.DOUBLE);
        assertThat(there.mul(encoded).sumNumber().doubleValue()).isCloseTo(
                activations.get("pooled").sumNumber().doubleValue(), within(1e-9));

        File file = folder.resolve("network.zip").toFile();
        network.save(file);
        assertThat(ComputationGraph.load(file, true).outputSingle(x)).isEqualTo(network.outputSingle(x));
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> new MaxUnpoolingVertex(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MaxUnpoolingVertex(0, 2)).isInstanceOf(IllegalArgumentException.class);
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("values", "map")
                .addVertex("unpooled", new MaxUnpoolingVertex(2, 2), "values", "map")
                .addLayer("output", new CnnLossLayer.Builder().build(), "unpooled")
                .setOutputs("output")
                .build();
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        INDArray map = Nd4j.rand(DataType.FLOAT, 1, 1, 8, 6);
        assertThat(network.outputSingle(Nd4j.rand(DataType.FLOAT, 1, 1, 4, 3), map).shape())
                .containsExactly(1, 1, 8, 6);
        assertThatThrownBy(() -> network.outputSingle(Nd4j.rand(DataType.FLOAT, 1, 1, 4, 4), map))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContainingAll("unpooled", "[1, 1, 4, 4]", "[1, 1, 8, 6]");
    }
}
