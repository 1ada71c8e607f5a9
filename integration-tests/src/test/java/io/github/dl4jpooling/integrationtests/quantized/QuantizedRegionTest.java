// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.layers.conf.vertex.QuantizedRoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.RoiAlignVertex;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.RoiAlign;
import java.io.File;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** 8-bit RoIAlign as a vertex. */
class QuantizedRegionTest {

    private static final int CHANNELS = 4;
    private static final Quantization PER_CHANNEL = Quantization.perChannel(
            DataType.UINT8, new double[] {0.004, 0.006, 0.005, 0.008}, new int[] {3, 0, 10, 0});

    @TempDir
    private Path folder;

    private static RoiAlignVertex vertex(boolean perImage, RoiAlign.Mode mode) {
        return new RoiAlignVertex.Builder(3, 2).spatialScale(0.9).samplingRatio(2).mode(mode).aligned(false)
                .boxesPerImage(perImage).build();
    }

    private static ComputationGraph network(RoiAlignVertex vertex, CNN2DFormat format, WorkspaceMode workspaces) {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(3)
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .graphBuilder()
                .addInputs("images", "boxes")
                .setInputTypes(InputType.convolutional(9, 8, 1, format),
                        InputType.feedForward(vertex.isBoxesPerImage() ? 8 : 5))
                .addLayer("map", new ConvolutionLayer.Builder(2, 2).nOut(CHANNELS).dataFormat(format)
                        .activation(Activation.SIGMOID).build(), "images")
                .addVertex("regions", vertex, "map", "boxes")
                .addLayer("output", new OutputLayer.Builder().nOut(2).activation(Activation.SOFTMAX).build(), "regions")
                .setOutputs("output")
                .build();
        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        assertThat(ComputationGraphConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        return network;
    }

    private static INDArray[] inputs(boolean perImage, CNN2DFormat format) {
        Nd4j.getRandom().setSeed(5);
        INDArray images = format == CNN2DFormat.NHWC
                ? Nd4j.randn(DataType.FLOAT, 2, 9, 8, 1)
                : Nd4j.randn(DataType.FLOAT, 2, 1, 9, 8);
        INDArray boxes = perImage
                ? Nd4j.createFromArray(new float[][] {{0, 0, 5, 6, 2, 1, 4, 8}, {-2, -3, 4, 4, 1, 1, 9, 9}})
                : Nd4j.createFromArray(new float[][] {{0, 0, 0, 5, 6}, {1, 2, 1, 4, 8}, {0, -2, -3, 4, 4}});
        return new INDArray[] {images, boxes};
    }

    @TestFactory
    Stream<DynamicTest> regionsOfBytes() {
        return Stream.of(CNN2DFormat.values()).flatMap(format -> Stream.of(false, true).flatMap(perImage -> Stream
                .of(RoiAlign.Mode.values())
                .map(mode -> DynamicTest.dynamicTest(format + (perImage ? " boxes of an image " : " ") + mode,
                        () -> check(vertex(perImage, mode), format)))));
    }

    private void check(RoiAlignVertex vertex, CNN2DFormat format) throws Exception {
        Quantization one = Quantization.ofRange(DataType.INT8, 0, 1);
        INDArray[] inputs = inputs(vertex.isBoxesPerImage(), format);
        INDArray expected = network((RoiAlignVertex) vertex.clone(), format, WorkspaceMode.NONE)
                .feedForward(inputs, false).get("regions");
        for (Quantization q : new Quantization[] {one, PER_CHANNEL}) {
            double step = q == one ? 1 / 255.0 : 0.008;
            for (WorkspaceMode workspaces : new WorkspaceMode[] {WorkspaceMode.NONE, WorkspaceMode.ENABLED}) {
                ComputationGraph network =
                        network(new QuantizedRoiAlignVertex(vertex, q, q), format, workspaces);
                INDArray actual = network.feedForward(inputs, false).get("regions");
                assertThat(actual.shape()).isEqualTo(expected.shape());
                assertThat(actual.sub(expected).amaxNumber().doubleValue()).isBetween(1e-5, 1.01 * step);
                File file = folder.resolve("network.zip").toFile();
                network.save(file, false);
                INDArray output = network.output(inputs)[0];
                Comparison.assertSameBits(
                        "loaded", ComputationGraph.load(file, false).output(inputs)[0], output);
                Comparison.assertSameBits("copied", network.clone().output(inputs)[0], output);
                INDArray labels = Nd4j.zeros(DataType.FLOAT, output.shape());
                assertThatThrownBy(() -> network.fit(new MultiDataSet(inputs, new INDArray[] {labels})))
                        .hasStackTraceContaining("FakeQuantizeLayer").hasStackTraceContaining("regions");
            }
        }
    }

    @Test
    void errors() {
        RoiAlignVertex vertex = vertex(false, RoiAlign.Mode.AVERAGE);
        Quantization signed = Quantization.ofRange(DataType.INT8, 0, 1);
        assertThatThrownBy(() -> new QuantizedRoiAlignVertex(vertex, signed, PER_CHANNEL))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContainingAll("QuantizedRoiAlignVertex", "same type", "BYTE", "UBYTE");
        Quantization three = Quantization.perChannel(DataType.UINT8, new double[] {1, 1, 1}, new int[3]);
        ComputationGraph network = network(
                new QuantizedRoiAlignVertex(vertex, three, three), CNN2DFormat.NCHW, WorkspaceMode.ENABLED);
        assertThatThrownBy(() -> network.output(inputs(false, CNN2DFormat.NCHW)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContainingAll("QuantizedRoiAlignVertex", "regions", "4 channels", "3");
    }
}
