// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.layers.conf.vertex.DeformableVertex;
import io.github.dl4jpooling.layers.conf.vertex.LipVertex;
import io.github.dl4jpooling.layers.conf.vertex.WindowPoolingVertex;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Vertices with a window: a convolution makes what they take besides the array to pool. */
class WindowVertexTest {

    private static final PoolingWindow WINDOW = PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build();
    private static final int CHANNELS = 2;
    private static final int OFFSETS = 2 * 9;

    private static ComputationGraphConfiguration configuration(
            WindowPoolingVertex vertex, int outputs, int stride, DataType type, CNN2DFormat format,
            WorkspaceMode mode) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(type == DataType.DOUBLE ? new NoOp() : new Sgd(0.1))
                .activation(Activation.TANH)
                .trainingWorkspaceMode(mode)
                .inferenceWorkspaceMode(mode)
                .graphBuilder()
                .addInputs("input")
                .addLayer("x", convolution(1, CHANNELS, format), "input")
                .addLayer("further", convolution(stride, outputs, format), "input")
                .addVertex("pooling", vertex, "x", "further")
                .addLayer("output", new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(3).activation(Activation.SOFTMAX).build(), "pooling")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(7, 6, 2, format))
                .build();
    }

    private static ConvolutionLayer convolution(int stride, int outputs, CNN2DFormat format) {
        return new ConvolutionLayer.Builder(3, 3)
                .stride(stride, stride)
                .nOut(outputs)
                .dataFormat(format)
                .convolutionMode(ConvolutionMode.Same)
                .build();
    }

    private interface Check {
        void run(WindowPoolingVertex vertex, int outputs, int stride, CNN2DFormat format);
    }

    private static Stream<DynamicTest> everyVertex(Check check) {
        List<DynamicTest> tests = new ArrayList<>();
        for (CNN2DFormat format : CNN2DFormat.values()) {
            tests.add(DynamicTest.dynamicTest("LIP " + format,
                    () -> check.run(new LipVertex(WINDOW), CHANNELS, 1, format)));
            tests.add(DynamicTest.dynamicTest("deformable " + format,
                    () -> check.run(new DeformableVertex(WINDOW, 1, false, false), OFFSETS, 2, format)));
        }
        return tests.stream();
    }

    private static INDArray input(DataType type, CNN2DFormat format) {
        INDArray input = Nd4j.rand(DataType.DOUBLE, 4, 2, 7, 6).castTo(type);
        return format == CNN2DFormat.NHWC ? input.permute(0, 2, 3, 1).dup('c') : input;
    }

    private static INDArray labels(DataType type) {
        return Nd4j.create(new double[][] {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {1, 0, 0}}).castTo(type);
    }

    private static ComputationGraph network(ComputationGraphConfiguration configuration) {
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        return network;
    }

    @TestFactory
    Stream<DynamicTest> appliesTheOperator() {
        return everyVertex((vertex, outputs, stride, format) -> {
            ComputationGraph network = network(configuration(
                    vertex, outputs, stride, DataType.FLOAT, format, WorkspaceMode.ENABLED));
            Map<String, INDArray> activations = network.feedForward(input(DataType.FLOAT, format), false);
            WindowPoolingVertex learnt =
                    (WindowPoolingVertex) network.getConfiguration().getVertices().get("pooling");
            assertThat(learnt.isChannelsLast()).isEqualTo(format == CNN2DFormat.NHWC);
            INDArray expected =
                    new NDPooling().pool(learnt.op(), activations.get("x"), activations.get("further"));
            Comparison.assertSameBits("pooling", activations.get("pooling"), expected);
        });
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        return everyVertex((vertex, outputs, stride, format) -> Doubles.byDefault(() -> {
            ComputationGraph network = network(configuration(
                    vertex, outputs, stride, DataType.DOUBLE, format, WorkspaceMode.ENABLED));
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                    .net(network)
                    .inputs(new INDArray[] {input(DataType.DOUBLE, format)})
                    .labels(new INDArray[] {labels(DataType.DOUBLE)})
                    .epsilon(1e-6)
                    .maxRelError(1e-5)
                    .minAbsoluteError(1e-8)
                    .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)
                    .subset(true)
                    .maxPerParam(40)))
                            .isTrue();
        }));
    }

    @TestFactory
    Stream<DynamicTest> trainingAndFiles() {
        return everyVertex((vertex, outputs, stride, format) -> {
            for (DataType type : new DataType[] {DataType.FLOAT, DataType.FLOAT16}) {
                ComputationGraph with =
                        network(configuration(vertex, outputs, stride, type, format, WorkspaceMode.ENABLED));
                ComputationGraph without =
                        network(configuration(vertex.clone(), outputs, stride, type, format, WorkspaceMode.NONE));
                INDArray input = input(type, format);
                for (int step = 0; step < 3; step++) {
                    with.fit(new INDArray[] {input}, new INDArray[] {labels(type)});
                    without.fit(new INDArray[] {input}, new INDArray[] {labels(type)});
                }
                Comparison.assertSameBits("parameters", without.params(), with.params());
                Comparison.assertSameBits("output", saved(with).outputSingle(input), with.outputSingle(input));
                Comparison.assertSameBits("output", with.clone().outputSingle(input), with.outputSingle(input));
                assertThat(ComputationGraphConfiguration.fromJson(with.getConfiguration().toJson()))
                        .isEqualTo(with.getConfiguration());
            }
        });
    }

    private static ComputationGraph saved(ComputationGraph network) {
        try {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            ModelSerializer.writeModel(network, file, true);
            return ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(file.toByteArray()), true);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void wrongInputs() {
        assertThatThrownBy(() -> configuration(new LipVertex(WINDOW), CHANNELS + 1, 1, DataType.FLOAT, CNN2DFormat.NCHW,
                WorkspaceMode.NONE)).hasStackTraceContaining("LipVertex: the logit must be of type");
        assertThatThrownBy(() -> configuration(new DeformableVertex(WINDOW, 1, false, true), OFFSETS, 1, DataType.FLOAT,
                CNN2DFormat.NCHW, WorkspaceMode.NONE)).hasStackTraceContaining(
                        "DeformableVertex: the offset must be of type");
        assertThatThrownBy(() -> new DeformableVertex(PoolingWindow.builder(3).build(), 1, false, true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("2 dimensions");
    }
}
