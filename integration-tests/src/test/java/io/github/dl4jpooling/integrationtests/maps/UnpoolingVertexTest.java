// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.layers.conf.AdaPooling;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.layers.conf.vertex.AdaUnpoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.MaxUnpoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.UnpoolVertex;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
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
        return network(format, new MaxPooling.Builder(2, 2).build(), new MaxUnpoolVertex(2, 2));
    }

    private static ComputationGraph adaptive(CNN2DFormat format) {
        ComputationGraph network =
                network(format, new AdaPooling.Builder(2, 2).build(), new AdaUnpoolVertex(new int[] {2, 2}, 0.25));
        INDArray beta = network.paramTable().get("unpooled_beta");
        assertThat(beta.shape()).containsExactly(4, 3);
        assertThat(beta).isEqualTo(Nd4j.valueArrayOf(new long[] {4, 3}, 0.25, DataType.DOUBLE));
        Nd4j.getRandom().setSeed(2);
        beta.assign(Nd4j.rand(DataType.DOUBLE, 4, 3));
        return network;
    }

    private static ComputationGraph network(CNN2DFormat format, WindowPoolingLayer pool, UnpoolVertex unpool) {
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
        assertThat(ComputationGraphConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
        assertThat(configuration.getMemoryReport(InputType.convolutional(8, 6, 1, format))).isNotNull();
        UnpoolVertex learnt = (UnpoolVertex) configuration.getVertices().get("unpooled");
        assertThat(learnt.isChannelsLast()).isEqualTo(format == CNN2DFormat.NHWC);
        assertThat(learnt.clone()).isEqualTo(learnt).isNotSameAs(learnt);
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        return network;
    }

    private static INDArray images(CNN2DFormat format) {
        return format == CNN2DFormat.NHWC
                ? Nd4j.rand(DataType.DOUBLE, 2, 8, 6, 1)
                : Nd4j.rand(DataType.DOUBLE, 2, 1, 8, 6);
    }

    private static Stream<Function<CNN2DFormat, ComputationGraph>> networks() {
        return Stream.of(UnpoolingVertexTest::network, UnpoolingVertexTest::adaptive);
    }

    @ParameterizedTest
    @MethodSource("networks")
    void gradients(Function<CNN2DFormat, ComputationGraph> network) {
        Doubles.byDefault(() -> {
            INDArray x = images(CNN2DFormat.NCHW);
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                    .net(network.apply(CNN2DFormat.NCHW))
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
    @ParameterizedTest
    @MethodSource("networks")
    void gradientsWithChannelsLast(Function<CNN2DFormat, ComputationGraph> network) {
        INDArray x = images(CNN2DFormat.NCHW);
        ComputationGraph first = network.apply(CNN2DFormat.NCHW);
        ComputationGraph last = network.apply(CNN2DFormat.NHWC);
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

    /** The formula, element by element. */
    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void valuesAreSpreadByTheWeightsOfAdaptivePooling(CNN2DFormat format) throws IOException {
        ComputationGraph network = adaptive(format);
        INDArray x = images(format);
        Map<String, INDArray> activations = network.feedForward(new INDArray[] {x}, false);
        INDArray map = channelsFirst(activations.get("encoded"), format);
        INDArray values = channelsFirst(activations.get("deep"), format);
        INDArray unpooled = channelsFirst(activations.get("unpooled"), format);
        INDArray beta = network.paramTable().get("unpooled_beta");
        for (int[] place : new int[][] {{0, 0, 0, 0}, {1, 2, 7, 5}, {0, 1, 3, 2}, {1, 0, 4, 1}}) {
            double mean = 0;
            for (int i = 0; i < 4; i++) {
                mean += window(map, place, i) / 4;
            }
            double ofDice = 0;
            double ofExponential = 0;
            for (int i = 0; i < 4; i++) {
                ofDice += Math.exp(dice(window(map, place, i), mean));
                ofExponential += Math.exp(window(map, place, i));
            }
            double m = map.getDouble(place);
            double b = beta.getDouble(place[2] / 2, place[3] / 2);
            double value = values.getDouble(place[0], place[1], place[2] / 2, place[3] / 2);
            assertThat(unpooled.getDouble(place)).isCloseTo(
                    value * (b * Math.exp(dice(m, mean)) / ofDice + (1 - b) * Math.exp(m) / ofExponential),
                    within(1e-12));
        }

        File file = folder.resolve("network.zip").toFile();
        network.save(file);
        assertThat(ComputationGraph.load(file, true).outputSingle(x)).isEqualTo(network.outputSingle(x));
        assertThat(network.clone().outputSingle(x)).isEqualTo(network.outputSingle(x));
    }

    private static INDArray channelsFirst(INDArray array, CNN2DFormat format) {
        return format == CNN2DFormat.NHWC ? array.permute(0, 3, 1, 2) : array;
    }

    /** One of the four elements of the window that a place is in. */
    private static double window(INDArray map, int[] place, int i) {
        return map.getDouble(place[0], place[1], place[2] / 2 * 2 + i / 2, place[3] / 2 * 2 + i % 2);
    }

    private static double dice(double a, double mean) {
        return 2 * Math.abs(a * mean) / (a * a + mean * mean);
    }

    /** Also where numbers squared leave the type, and in windows of zeros. */
    @ParameterizedTest
    @EnumSource(value = DataType.class, names = {"FLOAT", "HALF"})
    void windowsAddUpToTheirValuesInEveryType(DataType type) {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .dataType(type)
                .graphBuilder()
                .addInputs("values", "map")
                .addVertex("unpooled", new AdaUnpoolVertex(2, 3), "values", "map")
                .addLayer("output", new CnnLossLayer.Builder().activation(Activation.IDENTITY).build(), "unpooled")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(2, 2, 2), InputType.convolutional(4, 6, 2))
                .build();
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        INDArray values = Nd4j.rand(DataType.FLOAT, 3, 2, 2, 2).castTo(type);
        double[] scales = {0, type == DataType.FLOAT ? 1e30 : 6e4, type == DataType.FLOAT ? 1e-30 : 1e-6};
        INDArray map = Nd4j.rand(DataType.FLOAT, 3, 2, 4, 6);
        for (int i = 0; i < scales.length; i++) {
            map.slice(i).muli(scales[i]);
        }
        INDArray sums = network.outputSingle(values, map.castTo(type)).castTo(DataType.FLOAT)
                .reshape(3, 2, 2, 2, 2, 3).sum(3, 5);
        assertThat(sums.sub(values.castTo(DataType.FLOAT)).amaxNumber().doubleValue())
                .isLessThan(type == DataType.FLOAT ? 1e-6 : 4e-3);
        network.fit(new INDArray[] {values, map.castTo(type)}, new INDArray[] {map.mul(0).castTo(type)});
        assertThat(network.params().isNaN().any()).isFalse();
    }

    @Test
    void badInputTypes() {
        AdaUnpoolVertex vertex = new AdaUnpoolVertex(2, 2);
        assertThatThrownBy(() -> vertex.getOutputType(0, InputType.convolutional(4, 3, 2),
                InputType.convolutional(9, 6, 2)))
                        .isInstanceOf(InvalidInputTypeException.class)
                        .hasMessageContainingAll("AdaUnpoolVertex", "9");
        assertThatThrownBy(() -> vertex.getOutputType(0, InputType.convolutional(4, 3, 1),
                InputType.convolutional(8, 6, 2)))
                        .isInstanceOf(InvalidInputTypeException.class)
                        .hasMessageContaining("AdaUnpoolVertex: the values must be of type");
        assertThatThrownBy(() -> vertex.getOutputType(0, InputType.feedForward(4), InputType.convolutional(8, 6, 2)))
                .isInstanceOf(InvalidInputTypeException.class)
                .hasMessageContaining("images");
        assertThatThrownBy(() -> vertex.getOutputType(0, InputType.convolutional(4, 3, 2)))
                .isInstanceOf(InvalidInputTypeException.class)
                .hasMessageContaining("got 1");
        assertThatThrownBy(() -> new AdaUnpoolVertex(3)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("AdaUnpoolVertex: kernelSize must have two numbers, got 1");
        assertThatThrownBy(() -> new AdaUnpoolVertex(new int[] {2, 2}, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("initialBeta");
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> new MaxUnpoolVertex(2)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new MaxUnpoolVertex(0, 2)).isInstanceOf(IllegalArgumentException.class);
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("values", "map")
                .addVertex("unpooled", new MaxUnpoolVertex(2, 2), "values", "map")
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
