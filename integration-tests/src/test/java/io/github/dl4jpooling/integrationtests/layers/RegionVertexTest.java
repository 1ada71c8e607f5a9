// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.Operators;
import io.github.dl4jpooling.layers.conf.vertex.DeformableRoiPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.MultiLevelRoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.PsRoiPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.RegionPoolingVertex;
import io.github.dl4jpooling.layers.conf.vertex.RoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.RotatedRoiAlignVertex;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.RegionOp;
import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Every region vertex in a network: convolution, regions, dense layer, output. */
@ParameterizedClass(name = "{0}", allowZeroInvocations = true)
@MethodSource("operators")
class RegionVertexTest {

    private final PoolingOperator operator;

    @TempDir
    private Path folder;

    RegionVertexTest(PoolingOperator operator) {
        this.operator = operator;
    }

    static Stream<PoolingOperator> operators() {
        return Operators.all().filter(operator -> operator.newOp() instanceof RegionOp);
    }

    private interface Check {
        void run(RegionNetwork network) throws Exception;
    }

    private Stream<DynamicTest> networks(DataType type, Check check) {
        return Stream.of(false, true).flatMap(channelsLast -> Stream.of(RegionNetwork.Boxes.values())
                .map(boxes -> DynamicTest.dynamicTest(
                        type + (channelsLast ? " NHWC " : " NCHW ") + boxes,
                        () -> check.run(new RegionNetwork(operator, type, channelsLast, boxes)))));
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        return networks(DataType.DOUBLE, network -> Doubles.byDefault(() -> {
            network.updater(new NoOp());
            ComputationGraph graph = network.graph();
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                    .net(graph)
                    .inputs(network.inputs())
                    .labels(new INDArray[] {network.labels()})
                    .epsilon(1e-6)
                    .maxRelError(1e-5)
                    .minAbsoluteError(1e-9)
                    .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)
                    .excludeParams(network.parametersWithoutGradient())
                    .subset(true)
                    .maxPerParam(6)))
                            .isTrue();
        }));
    }

    @TestFactory
    Stream<DynamicTest> trains() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16).flatMap(type -> networks(type, network -> {
            WorkspaceMode[] modes = type == DataType.FLOAT
                    ? new WorkspaceMode[] {WorkspaceMode.ENABLED, WorkspaceMode.NONE}
                    : new WorkspaceMode[] {WorkspaceMode.ENABLED};
            for (WorkspaceMode mode : modes) {
                ComputationGraph graph = network.workspaces(mode).graph();
                MultiDataSet data = new MultiDataSet(network.inputs(), new INDArray[] {network.labels()});
                double before = graph.score(data);
                for (int i = 0; i < 10; i++) {
                    graph.fit(data);
                }
                assertThat(graph.score(data)).isLessThan(before);
            }
        }));
    }

    @TestFactory
    Stream<DynamicTest> savedAndCopied() {
        return networks(DataType.FLOAT, network -> {
            ComputationGraph graph = network.graph();
            graph.fit(new MultiDataSet(network.inputs(), new INDArray[] {network.labels()}));
            INDArray output = graph.output(network.inputs())[0];
            ComputationGraphConfiguration configuration = graph.getConfiguration();
            RegionPoolingVertex vertex = (RegionPoolingVertex) configuration.getVertices().get(RegionNetwork.REGIONS);

            assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
            assertThat(ComputationGraphConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
            assertThat(vertex.clone()).isEqualTo(vertex).hasSameHashCodeAs(vertex).isNotSameAs(vertex);
            RegionPoolingVertex other = vertex.clone();
            other.setColumns(5);
            assertThat(other).isNotEqualTo(vertex);
            assertThat(vertex.isChannelsLast()).isEqualTo(network.channelsLast());

            File file = folder.resolve("network.zip").toFile();
            graph.save(file);
            Comparison.assertSameBits("output", ComputationGraph.load(file, true).output(network.inputs())[0], output);
            Comparison.assertSameBits("output", graph.clone().output(network.inputs())[0], output);
            assertThat(configuration.getMemoryReport(network.inputTypes())).isNotNull();
        });
    }

    /** The vertex gives what the op gives for the same arrays. */
    @TestFactory
    Stream<DynamicTest> sameAsTheOp() {
        return networks(DataType.DOUBLE, network -> {
            ComputationGraph graph = network.graph();
            Map<String, INDArray> activations = graph.feedForward(network.inputs(), false);
            RegionPoolingVertex vertex =
                    (RegionPoolingVertex) graph.getConfiguration().getVertices().get(RegionNetwork.REGIONS);
            INDArray[] inputs = graph.getConfiguration().getVertexInputs().get(RegionNetwork.REGIONS).stream()
                    .map(activations::get)
                    .toArray(INDArray[]::new);
            INDArray actual = activations.get(RegionNetwork.REGIONS);
            int maps = vertex.mapInputs();
            if (vertex.isBoxesPerImage()) {
                long images = inputs[0].size(0);
                long perImage = RegionNetwork.BOXES_PER_IMAGE;
                INDArray boxes = inputs[inputs.length - 1].reshape(images * perImage, -1);
                INDArray numbers = Nd4j.create(DataType.DOUBLE, images * perImage, 1);
                for (long i = 0; i < images * perImage; i++) {
                    numbers.putScalar(i, 0, i / perImage);
                }
                inputs[inputs.length - 1] = Nd4j.concat(1, numbers, boxes);
                for (int i = maps; i < inputs.length - 1; i++) {
                    inputs[i] = network.split(inputs[i]);
                }
                actual = network.split(actual);
            }
            Comparison.assertSameBits("result", actual, new NDPooling().pool(vertex.op(), inputs));
        });
    }

    @Test
    void errors() {
        RegionNetwork network = new RegionNetwork(operator, DataType.FLOAT, false, RegionNetwork.Boxes.NUMBERED);
        RegionPoolingVertex vertex = network.vertex();
        InputType[] types = network.inputTypesOfVertex();
        String name = vertex.getClass().getSimpleName();
        assertThatThrownBy(() -> vertex.getOutputType(0, types[0]))
                .isInstanceOf(InvalidInputTypeException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("got 1");
        InputType[] badBoxes = types.clone();
        badBoxes[types.length - 1] = InputType.feedForward(9);
        assertThatThrownBy(() -> vertex.getOutputType(0, badBoxes))
                .isInstanceOf(InvalidInputTypeException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("boxes");
        InputType[] badMap = types.clone();
        badMap[0] = InputType.feedForward(9);
        assertThatThrownBy(() -> vertex.getOutputType(0, badMap))
                .isInstanceOf(InvalidInputTypeException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("CNN");
        INDArray[] inputs = network.inputs();
        inputs[1].putScalar(0, 0, 77);
        assertThatThrownBy(() -> network.graph().output(inputs))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(RegionNetwork.REGIONS)
                .hasMessageContaining("77");
    }

    @Test
    void badSettings() {
        assertThatThrownBy(() -> new RoiAlignVertex.Builder(0, 3).build())
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("RoiAlignVertex")
                .hasMessageContaining("rows");
        assertThatThrownBy(() -> new RotatedRoiAlignVertex.Builder(2, 3).samplingRatio(-1).build())
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("samplingRatio");
        assertThatThrownBy(() -> new MultiLevelRoiAlignVertex.Builder(2, 3).spatialScale(0.3).build())
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("power of 2");
        assertThatThrownBy(() -> new PsRoiPoolVertex.Builder(2, 3).spatialScale(Double.NaN).build())
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("spatialScale");
        assertThat(new DeformableRoiPoolVertex.Builder(2, 3).gamma(0.5).mask(true).offset(false)
                .dataFormat(CNN2DFormat.NHWC).build().op().inputNames()).containsExactly("input", "mask", "boxes");
    }
}
