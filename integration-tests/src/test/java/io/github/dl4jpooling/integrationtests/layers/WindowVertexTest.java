// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.layers.conf.vertex.DeformableVertex;
import io.github.dl4jpooling.layers.conf.vertex.InverseBilateralVertex;
import io.github.dl4jpooling.layers.conf.vertex.LipVertex;
import io.github.dl4jpooling.layers.conf.vertex.SparsePoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.WindowPoolingVertex;
import io.github.dl4jpooling.ops.DetailPreserving;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SparsePool;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
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
            for (SparsePool.Type type : SparsePool.Type.values()) {
                tests.add(DynamicTest.dynamicTest("sparse " + type + " " + format,
                        () -> check.run(new SparsePoolVertex(WINDOW, type), 1, 1, format)));
            }
            tests.add(DynamicTest.dynamicTest("inverse bilateral " + format,
                    () -> check.run(new InverseBilateralVertex(WINDOW), CHANNELS, 2, format)));
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
            List<INDArray> arguments =
                    new ArrayList<>(List.of(activations.get("x"), activations.get("further")));
            learnt.parameterShapes().keySet()
                    .forEach(name -> arguments.add(network.paramTable().get("pooling_" + name)));
            INDArray expected = new NDPooling().pool(learnt.op(), arguments.toArray(new INDArray[0]));
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
                Map<String, INDArray> before = parametersOfTheVertex(with);
                for (int step = 0; step < 3; step++) {
                    with.fit(new INDArray[] {input}, new INDArray[] {labels(type)});
                    without.fit(new INDArray[] {input}, new INDArray[] {labels(type)});
                }
                Comparison.assertSameBits("parameters", without.params(), with.params());
                parametersOfTheVertex(with).forEach((name, values) -> assertThat(values.distance2(before.get(name)))
                        .as("change of %s", name).isPositive());
                Comparison.assertSameBits("output", saved(with).outputSingle(input), with.outputSingle(input));
                Comparison.assertSameBits("output", with.clone().outputSingle(input), with.outputSingle(input));
                ComputationGraphConfiguration configuration = with.getConfiguration();
                assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
                assertThat(ComputationGraphConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
                assertThat(configuration.getMemoryReport(InputType.convolutional(7, 6, 2, format))).isNotNull();
            }
        });
    }

    private static Map<String, INDArray> parametersOfTheVertex(ComputationGraph network) {
        Map<String, INDArray> copies = new LinkedHashMap<>();
        network.getVertex("pooling").paramTable(true).forEach((name, values) -> copies.put(name, values.dup()));
        return copies;
    }

    /** The network after writing and reading. */
    static ComputationGraph saved(ComputationGraph network) {
        try {
            ByteArrayOutputStream file = new ByteArrayOutputStream();
            ModelSerializer.writeModel(network, file, true);
            return ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(file.toByteArray()), true);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @TestFactory
    Stream<DynamicTest> settingsSurviveJson() {
        return everyVertex((vertex, outputs, stride, format) -> {
            vertex.setUpdater(new Sgd(0.25));
            assertThat(vertex.clone()).isEqualTo(vertex).hasSameHashCodeAs(vertex).isNotSameAs(vertex);
            assertThat(vertex.clone().getUpdater()).isEqualTo(new Sgd(0.25));
            WindowPoolingVertex other = vertex.clone();
            other.setStride(new int[] {1, 1});
            assertThat(other).isNotEqualTo(vertex);
        });
    }

    @Test
    void ownSettings() {
        InverseBilateralVertex vertex = new InverseBilateralVertex(WINDOW, new DetailPreserving(
                DetailPreserving.Variant.ASYMMETRIC, DetailPreserving.Normalisation.SUM, 0.5));
        InverseBilateralVertex copy = (InverseBilateralVertex) vertex.clone();
        assertThat(copy.op().settings().variant()).isEqualTo(DetailPreserving.Variant.ASYMMETRIC);
        assertThat(copy.op().settings().normalisation()).isEqualTo(DetailPreserving.Normalisation.SUM);
        assertThat(copy.op().settings().epsilon()).isEqualTo(0.5);
    }

    /** As the first layer, with its learning rate of the moment, unless the vertex has an updater. */
    @Test
    void parametersLearnAsTheFirstLayerDoes() {
        WindowPoolingVertex vertex = new InverseBilateralVertex(WINDOW);
        ComputationGraph network = network(configuration(
                vertex, CHANNELS, 2, DataType.FLOAT, CNN2DFormat.NCHW, WorkspaceMode.ENABLED));
        INDArray input = input(DataType.FLOAT, CNN2DFormat.NCHW);
        for (double rate : new double[] {0.1, 0.3}) {
            network.setLearningRate(rate);
            checkStep(network, input, rate);
        }
        vertex.setUpdater(new Sgd(2));
        checkStep(network(configuration(
                vertex, CHANNELS, 2, DataType.FLOAT, CNN2DFormat.NCHW, WorkspaceMode.ENABLED)), input, 2);
    }

    private static void checkStep(ComputationGraph network, INDArray input, double rate) {
        INDArray before = network.paramTable().get("pooling_alpha").dup();
        network.setInput(0, input);
        network.setLabel(0, labels(DataType.FLOAT));
        network.computeGradientAndScore();
        INDArray gradient = network.gradient().getGradientFor("pooling_alpha").dup();
        network.fit(new INDArray[] {input}, new INDArray[] {labels(DataType.FLOAT)});
        assertThat(network.paramTable().get("pooling_alpha").sub(before).distance2(gradient.muli(-rate / 4)))
                .isLessThan(1e-7);
    }

    @Test
    void parametersNeedTheInputType() {
        assertThatThrownBy(() -> network(new NeuralNetConfiguration.Builder().graphBuilder()
                .addInputs("x", "smooth")
                .addVertex("pooling", new InverseBilateralVertex(WINDOW), "x", "smooth")
                .addLayer("output", new CnnLossLayer.Builder().build(), "pooling")
                .setOutputs("output").build()))
                        .isInstanceOf(DL4JInvalidConfigException.class)
                        .hasMessageContainingAll("InverseBilateralVertex", "setInputTypes");
    }

    @Test
    void wrongInputs() {
        assertThatThrownBy(() -> configuration(new InverseBilateralVertex(WINDOW), CHANNELS, 1, DataType.FLOAT,
                CNN2DFormat.NCHW, WorkspaceMode.NONE)).hasStackTraceContaining(
                        "InverseBilateralVertex: the tilde must be of type");
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
