// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import static io.github.dl4jpooling.zoo.swap.TestNetworks.assertEqual;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.features;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.labels;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.max;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.github.dl4jpooling.layers.conf.AveragePooling;
import io.github.dl4jpooling.layers.conf.FilterPooling;
import io.github.dl4jpooling.layers.conf.MixedPooling;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DepthwiseConvolution2D;
import org.deeplearning4j.nn.conf.layers.SeparableConvolution2D;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Selection of sites, the check whether the function is preserved, strided convolutions. */
class PoolingSwapCheckTest {
    private static final InputType TYPE = InputType.convolutional(12, 12, 2);
    private static final Pooling ALL_MAXIMUM =
            Pooling.of("mixed, all maximum", () -> new MixedPooling.Builder().initialProportion(1));

    @TempDir
    private Path folder;

    private static ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(TestNetworks.graph());
        graph.init();
        return graph;
    }

    private static List<String> swapped(PoolingSwap swap) {
        return List.of(swap.apply(graph()).report().swapped().stream()
                .map(SwapReport.Entry::name)
                .toArray(String[]::new));
    }

    @Test
    void sitesAreChosenByNameTypePatternAndCondition() {
        PoolingSwap soft = PoolingSwap.to(Pooling.soft());
        assertThat(swapped(soft.named("right", "none"))).containsExactly("right");
        assertThat(swapped(soft.matching("l.*"))).containsExactly("left");
        assertThat(swapped(soft.matching(".*t"))).containsExactly("left", "right");
        assertThat(swapped(soft.ofPooling("average"))).containsExactly("right");
        assertThat(swapped(soft.ofType(SubsamplingLayer.class))).containsExactly("left", "right");
        assertThat(swapped(soft.ofType(SubsamplingLayer.class).matching(".*t").where(site -> site.index() > 1)))
                .containsExactly("right");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> soft.ofType(AveragePooling.class).apply(graph()))
                .withMessageContaining("left (max");
    }

    @Test
    void preservedFunctionsAreFound() {
        SwapReport report = PoolingSwap.to(ALL_MAXIMUM)
                .ofPooling("max")
                .inputTypes(TYPE)
                .apply(graph())
                .report();
        assertThat(report.isFunctionPreserved()).isTrue();
        assertThat(report.outputDifference().getAsDouble()).isZero();
        assertThat(report.entries().get(0).isFunctionPreserved()).isTrue();
        assertThat(report.entries().get(0).difference().getAsDouble()).isZero();
        assertThat(report.entries().get(1).difference()).isEmpty();
        assertThat(report.toString()).contains("the function is preserved").contains("0.0e+00");
    }

    /** A swap that changes one of two sites, and the output with it. */
    @Test
    void changedFunctionsAreFoundSiteBySite() {
        ComputationGraph graph = graph();
        INDArray x = features(3, 2, 12, 12);
        SwapResult<ComputationGraph> result = PoolingSwap.to(ALL_MAXIMUM).checkedOn(x).apply(graph);
        SwapReport report = result.report();
        assertThat(report.isFunctionPreserved()).isFalse();
        assertThat(report.entries().get(0).isFunctionPreserved()).isTrue();
        INDArray before = graph.feedForward(x, false).get("right").dup();
        INDArray after = result.network().feedForward(x, false).get("right");
        double expected = after.sub(before).amaxNumber().doubleValue() / before.amaxNumber().doubleValue();
        assertThat(report.entries().get(1).difference().getAsDouble())
                .isPositive()
                .isCloseTo(expected, withinPercentage(0.01));
        INDArray old = graph.outputSingle(x);
        double output = result.network().outputSingle(x).sub(old).amaxNumber().doubleValue();
        assertThat(report.outputDifference().getAsDouble())
                .isCloseTo(output / old.amaxNumber().doubleValue(),
                        withinPercentage(0.01));
        assertThat(report.toString()).contains("the function is not preserved");
    }

    @Test
    void checkOfAListOfLayers() {
        MultiLayerNetwork network = TestNetworks.images();
        INDArray x = features(3, 2, 12, 12);
        SwapReport report = PoolingSwap.to(Pooling.average()).named("pool").checkedOn(x).apply(network).report();
        INDArray before = network.feedForward(x).get(2).dup();
        INDArray after =
                PoolingSwap.to(Pooling.average()).named("pool").apply(network).network().feedForward(x).get(2);
        double expected = after.sub(before).amaxNumber().doubleValue() / before.amaxNumber().doubleValue();
        assertThat(report.entries().get(0).difference().getAsDouble())
                .isCloseTo(expected, withinPercentage(0.01));
        assertThat(report.isFunctionPreserved()).isFalse();
    }

    /** As in a new SqueezeNet, whose layers then differ by a third and whose outputs by less than the tolerance. */
    @Test
    void equalOutputsOfDifferentLayersAreNoProof() {
        MultiLayerNetwork network = TestNetworks.images();
        network.getLayer(4).params().assign(0); // so that all outputs are 1/3
        SwapReport report = PoolingSwap.to(Pooling.soft()).inputTypes(TYPE).apply(network).report();
        assertThat(report.outputDifference().getAsDouble()).isZero();
        assertThat(report.entries().get(0).isFunctionPreserved()).isFalse();
        assertThat(report.isFunctionPreserved()).isFalse();
    }

    @Test
    void notANumberIsNotPreserved() {
        MultiLayerNetwork network = TestNetworks.images();
        network.params().assign(Double.NaN);
        SwapReport report = PoolingSwap.to(Pooling.max()).inputTypes(TYPE).apply(network).report();
        assertThat(report.outputDifference().getAsDouble()).isNaN();
        assertThat(report.isFunctionPreserved()).isFalse();
    }

    @Test
    void checkNeedsTheInputsOfTheNetwork() {
        PoolingSwap swap = PoolingSwap.to(Pooling.soft()).checkedOn(features(1, 2, 12, 12), features(1, 2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> swap.apply(graph()))
                .withMessage("the network has the inputs [in], got 2 examples");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> swap.apply(TestNetworks.images()))
                .withMessage("a MultiLayerNetwork has one input, got 2 examples");
    }

    @Test
    void checkLeavesRandomGeneratorAndNetworkAlone() {
        ComputationGraph graph = graph();
        String json = graph.getConfiguration().toJson();
        INDArray parameters = graph.params().dup();
        PoolingSwap swap = PoolingSwap.to(Pooling.soft());
        swap.apply(graph);
        INDArray next = Nd4j.rand(3);
        swap.inputTypes(TYPE).apply(graph);
        assertEqual(Nd4j.rand(3), next);
        assertEqual(graph.params(), parameters);
        assertThat(graph.getConfiguration().toJson()).isEqualTo(json);
    }

    @Test
    void reportAsJson() throws IOException {
        SwapReport report = PoolingSwap.to(Pooling.soft())
                .ofPooling("max")
                .inputTypes(TYPE)
                .apply(graph())
                .report();
        JsonNode json = new ObjectMapper().readTree(report.toJson());
        assertThat(json.get("pooling").asText()).isEqualTo("soft");
        assertThat(json.get("outputDifference").asDouble()).isEqualTo(report.outputDifference().getAsDouble());
        assertThat(json.get("functionPreserved").isBoolean()).isTrue();
        assertThat(json.get("parametersAdded").asLong()).isZero();
        assertThat(json.get("sites")).hasSize(3);
        JsonNode left = json.get("sites").get(0);
        assertThat(left.get("name").asText()).isEqualTo("left");
        assertThat(left.get("layerType").asText()).isEqualTo(SubsamplingLayer.class.getName());
        assertThat(left.get("before").asText() + " " + left.get("after").asText()).isEqualTo("max soft");
        assertThat(left.get("swapped").asBoolean()).isTrue();
        assertThat(left.get("window").get("kernel").toString()).isEqualTo("[2,2]");
        assertThat(left.get("difference").asDouble()).isPositive();
        JsonNode global = json.get("sites").get(2);
        assertThat(global.get("window").isNull()).isTrue();
        assertThat(global.get("difference").isNull()).isTrue();
        assertThat(global.get("remark").asText()).contains("whole map");
        JsonNode unchecked = new ObjectMapper()
                .readTree(PoolingSwap.to(Pooling.soft()).apply(graph()).report().toJson());
        assertThat(unchecked.get("functionPreserved").isNull()).isTrue();
    }

    /** The first element of each window is what the stride would have taken. */
    private static final Pooling FIRST = Pooling.of("first", () -> new FilterPooling.Builder());

    private static void takeFirst(INDArray filters) {
        filters.assign(0);
        filters.reshape(filters.length() / 4, 4).getColumn(0).assign(1);
    }

    @ParameterizedTest
    @CsvSource({
        "3, 2, 0, Truncate, 12", "3, 2, 1, Truncate, 13", "1, 2, 0, Truncate, 13", "5, 3, 1, Truncate, 13",
        "3, 2, 0, Same, 13", "3, 2, 0, Same, 12", "3, 2, 0, Strict, 13"})
    void stridesOfConvolutionsAreTakenOver(int kernel, int stride, int padding, ConvolutionMode mode, int size) {
        for (ConvolutionLayer.BaseConvBuilder<?> builder : List.of(
                new ConvolutionLayer.Builder(kernel, kernel),
                new SeparableConvolution2D.Builder(kernel, kernel),
                new DepthwiseConvolution2D.Builder(kernel, kernel))) {
            builder.stride(stride, stride);
            builder.padding(padding, padding);
            builder.convolutionMode(mode);
            builder.nOut(4);
            ConvolutionLayer strided = (ConvolutionLayer) builder.build();
            MultiLayerNetwork network = TestNetworks.network(
                    InputType.convolutional(size, size, 2), strided, new BatchNormalization(), max(2, 2),
                    new DenseLayer.Builder().nOut(5).build());
            INDArray x = features(2, 2, size, size);
            network.fit(x, labels(2, TestNetworks.CLASSES));
            SwapResult<MultiLayerNetwork> result = PoolingSwap.to(FIRST)
                    .withStridedConvolutions()
                    .ofPooling("strided convolution")
                    .apply(network);
            MultiLayerNetwork swapped = result.network();
            assertThat(result.report().swapped()).hasSize(1);
            assertThat(result.report().swapped().get(0).before()).isEqualTo("strided convolution");
            assertThat(swapped.feedForward(x).get(2).shape())
                    .isEqualTo(network.feedForward(x).get(1).shape());
            boolean evenlyPadded = mode != ConvolutionMode.Same || size % stride != 0;
            if (evenlyPadded && stride == 2) {
                takeFirst(swapped.getLayer(1).params());
                assertThat(swapped.output(x).distance2(network.output(x))).isLessThan(1e-6);
            }
            swapped.fit(x, labels(2, TestNetworks.CLASSES));
            assertThat(swapped.score()).isFinite();
        }
    }

    @Test
    void stridesInAGraph() throws IOException {
        ComputationGraphConfiguration configuration = TestNetworks.settings()
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(TYPE)
                .addLayer("a", new ConvolutionLayer.Builder(3, 3).stride(2, 2).nOut(4).build(), "in")
                .addLayer("b", new ConvolutionLayer.Builder(1, 1).nOut(4).build(), "a")
                .addLayer("out", TestNetworks.outputLayer(), "a", "b")
                .setOutputs("out")
                .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        INDArray x = features(2, 2, 12, 12);
        SwapResult<ComputationGraph> result = PoolingSwap.to(Pooling.soft())
                .withStridedConvolutions()
                .inputTypes(TYPE)
                .apply(graph);
        ComputationGraph swapped = result.network();
        assertThat(swapped.getConfiguration().getVertexInputs().get("b")).containsExactly("a-pool");
        assertThat(result.report().swapped().get(0).difference().getAsDouble()).isPositive();
        assertThat(result.report().parametersAdded()).isZero();
        assertEqual(swapped.getParam("a_W"), graph.getParam("a_W"));
        assertEqual(swapped.getParam("out_W"), graph.getParam("out_W"));
        assertThat(swapped.feedForward(x, false).get("a-pool").shape()).containsExactly(2, 4, 5, 5);
        swapped.fit(new INDArray[] {x}, new INDArray[] {labels(2, TestNetworks.CLASSES)});
        File file = folder.resolve("graph.zip").toFile();
        swapped.save(file);
        assertEqual(ComputationGraph.load(file, true).outputSingle(x), swapped.outputSingle(x));
    }
}
