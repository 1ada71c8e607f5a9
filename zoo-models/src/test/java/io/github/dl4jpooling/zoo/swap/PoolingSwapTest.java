// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import static io.github.dl4jpooling.zoo.swap.TestNetworks.assertEqual;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.features;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.labels;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.max;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import io.github.dl4jpooling.layers.conf.SoftPooling;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Adam;

class PoolingSwapTest {
    private final INDArray x = features(4, 2, 12, 12);
    private final INDArray y = labels(4, TestNetworks.CLASSES);

    private static List<Class<?>> layerTypes(MultiLayerConfiguration configuration) {
        List<Class<?>> types = new ArrayList<>();
        configuration.getConfs().forEach(conf -> types.add(conf.getLayer().getClass()));
        return types;
    }

    private static Layer layer(ComputationGraphConfiguration configuration, String name) {
        return ((LayerVertex) configuration.getVertices().get(name)).getLayerConf().getLayer();
    }

    @Test
    void swappedNetworkEqualsOneBuiltWithTheOtherPooling() {
        MultiLayerNetwork byHand = TestNetworks.images(
                new SoftPooling.Builder(2, 2).stride(2, 2).build(),
                new SoftPooling.Builder(3, 3).stride(1, 1).build());
        MultiLayerNetwork swapped =
                PoolingSwap.to(Pooling.soft()).apply(TestNetworks.images()).network();
        assertThat(swapped.getLayerWiseConfigurations().toJson())
                .isEqualTo(byHand.getLayerWiseConfigurations().toJson());
        assertEqual(swapped.params(), byHand.params());
        assertEqual(swapped.output(x), byHand.output(x));
    }

    @Test
    void swapToTheSamePoolingChangesNothingEvenInFurtherTraining() {
        MultiLayerNetwork network = TestNetworks.images();
        for (int i = 0; i < 3; i++) {
            network.fit(x, y);
        }
        network.setEpochCount(2);
        MultiLayerNetwork swapped =
                PoolingSwap.to(Pooling.max()).apply(network).network();
        assertEqual(swapped.output(x), network.output(x));
        assertEqual(swapped.updaterState(), network.updaterState());
        assertThat(swapped.getIterationCount()).isEqualTo(3);
        assertThat(swapped.getEpochCount()).isEqualTo(2);
        swapped.fit(x, y);
        network.fit(x, y);
        assertEqual(swapped.params(), network.params());
        assertEqual(swapped.updaterState(), network.updaterState());
    }

    @Test
    void swapToTheSamePoolingChangesNothingInAGraph() {
        ComputationGraph graph = new ComputationGraph(TestNetworks.graph());
        graph.init();
        for (int i = 0; i < 3; i++) {
            graph.fit(new INDArray[] {x}, new INDArray[] {y});
        }
        graph.getConfiguration().setEpochCount(2);
        ComputationGraph swapped = PoolingSwap.to(Pooling.max())
                .where(site -> site.pooling().equals("max"))
                .apply(graph)
                .network();
        assertEqual(swapped.outputSingle(x), graph.outputSingle(x));
        assertThat(swapped.getIterationCount()).isEqualTo(3);
        assertThat(swapped.getEpochCount()).isEqualTo(2);
        swapped.fit(new INDArray[] {x}, new INDArray[] {y});
        graph.fit(new INDArray[] {x}, new INDArray[] {y});
        assertEqual(swapped.params(), graph.params());
        assertEqual(swapped.updaterState(), graph.updaterState());
    }

    @Test
    void argumentIsNotModified() {
        MultiLayerNetwork network = TestNetworks.images();
        network.fit(x, y);
        String json = network.getLayerWiseConfigurations().toJson();
        INDArray parameters = network.params().dup();
        INDArray state = network.updaterState().dup();
        MultiLayerNetwork swapped =
                PoolingSwap.to(Pooling.soft()).checkedOn(x).apply(network).network();
        assertEqual(swapped.updaterState(), state);
        swapped.fit(x, y);
        swapped.params().assign(0);
        assertThat(network.getLayerWiseConfigurations().toJson()).isEqualTo(json);
        assertEqual(network.params(), parameters);
        assertEqual(network.updaterState(), state);
    }

    @Test
    void argumentIsNotModifiedIfItIsAGraph() {
        ComputationGraph graph = new ComputationGraph(TestNetworks.graph());
        graph.init();
        graph.fit(new INDArray[] {x}, new INDArray[] {y});
        String json = graph.getConfiguration().toJson();
        INDArray parameters = graph.params().dup();
        INDArray state = graph.updaterState().dup();
        ComputationGraph swapped =
                PoolingSwap.to(Pooling.soft()).checkedOn(x).apply(graph).network();
        assertEqual(swapped.updaterState(), state);
        swapped.fit(new INDArray[] {x}, new INDArray[] {y});
        swapped.params().assign(0);
        assertThat(graph.getConfiguration().toJson()).isEqualTo(json);
        assertEqual(graph.params(), parameters);
        assertEqual(graph.updaterState(), state);
    }

    @Test
    void configurationsAndNetworksThatAreNotInitializedStayWithoutArrays() {
        MultiLayerConfiguration configuration = TestNetworks.images().getLayerWiseConfigurations();
        String json = configuration.toJson();
        SwapResult<MultiLayerConfiguration> swapped =
                PoolingSwap.to(Pooling.soft()).apply(configuration);
        assertThat(layerTypes(swapped.network()))
                .filteredOn(type -> type == SoftPooling.class)
                .hasSize(2);
        assertThat(configuration.toJson()).isEqualTo(json);
        MultiLayerNetwork network = PoolingSwap.to(Pooling.soft())
                .apply(new MultiLayerNetwork(configuration))
                .network();
        assertThat(network.isInitCalled()).isFalse();
        network.init();
        assertThat(network.output(x).shape()).containsExactly(4, TestNetworks.CLASSES);
        ComputationGraph graph = PoolingSwap.to(Pooling.soft())
                .apply(new ComputationGraph(TestNetworks.graph()))
                .network();
        assertThat(graph.getLayers()).isNull();
        assertThat(layer(graph.getConfiguration(), "left")).isInstanceOf(SoftPooling.class);
    }

    /** The order of the parameters depends on it. */
    @Test
    void storedVertexOrderOfAGraphIsKept() {
        ComputationGraph graph = new ComputationGraph(TestNetworks.graph());
        graph.init();
        ComputationGraphConfiguration configuration = graph.getConfiguration();
        List<String> order = List.of("in", "conv", "right", "left", "sum", "global", "out");
        assertThat(configuration.getTopologicalOrderStr()).hasSameElementsAs(order).isNotEqualTo(order);
        configuration.setTopologicalOrder(new int[] {0, 1, 3, 2, 4, 5, 6});
        configuration.setTopologicalOrderStr(new ArrayList<>(order));
        ComputationGraph swapped = PoolingSwap.to(Pooling.soft()).apply(graph).network();
        assertThat(swapped.topologicalSortOrder()).containsExactly(0, 1, 3, 2, 4, 5, 6);
        assertThat(swapped.getConfiguration().getTopologicalOrderStr()).isEqualTo(order);
    }

    @Test
    void unnamedLayersOfAConfigurationAreFoundByIndex() {
        MultiLayerConfiguration configuration = TestNetworks.images().getLayerWiseConfigurations();
        configuration.getConf(3).getLayer().setLayerName(null);
        SwapResult<MultiLayerConfiguration> swapped = PoolingSwap.to(Pooling.soft())
                .where(site -> site.index() == 3)
                .apply(configuration);
        assertThat(swapped.report().swapped()).hasSize(1);
        assertThat(swapped.report().swapped().get(0).name()).isEqualTo("layer3");
        assertThat(swapped.network().getConf(3).getLayer()).isInstanceOf(SoftPooling.class);
        assertThat(swapped.network().getConf(3).getLayer().getLayerName()).isNull();
        assertThat(swapped.network().getConf(1).getLayer()).isInstanceOf(SubsamplingLayer.class);
    }

    @Test
    void conditionsSeeTheSiteAndAddUp() {
        List<PoolingSite> seen = new ArrayList<>();
        SwapResult<ComputationGraphConfiguration> swapped = PoolingSwap.to(Pooling.soft())
                .where(site -> {
                    seen.add(site);
                    return site.layerType() == SubsamplingLayer.class;
                })
                .where(site -> site.window().kernel()[0] == 2)
                .where(site -> site.pooling().equals("average"))
                .apply(TestNetworks.graph());
        assertThat(seen).extracting(PoolingSite::name).containsExactly("left", "right");
        assertThat(seen).extracting(PoolingSite::index).containsExactly(1, 2);
        assertThat(layer(swapped.network(), "left")).isInstanceOf(SubsamplingLayer.class);
        assertThat(layer(swapped.network(), "right")).isInstanceOf(SoftPooling.class);
    }

    @Test
    void reportListsEveryPoolingLayer() {
        SwapReport report = PoolingSwap.to(Pooling.soft())
                .where(site -> site.pooling().equals("max"))
                .apply(TestNetworks.graph())
                .report();
        assertThat(report.entries()).extracting(SwapReport.Entry::name).containsExactly("left", "right", "global");
        assertThat(report.entries()).extracting(SwapReport.Entry::before).containsExactly("max", "average",
                "global average");
        assertThat(report.entries()).extracting(SwapReport.Entry::after).containsExactly("soft", "kept", "kept");
        assertThat(report.swapped()).extracting(SwapReport.Entry::name).containsExactly("left");
        assertThat(report.parametersAdded()).isZero();
        assertThat(report.toString().lines())
                .containsExactly(
                        "layer   before          after  kernel  stride  padding  mode      parameters added"
                                + "  difference  remark",
                        "------  --------------  -----  ------  ------  -------  --------  ----------------"
                                + "  ----------  " + "-".repeat(34),
                        "left    max             soft   2x2     2x2     0x0      Truncate                 0"
                                + "           -",
                        "right   average         kept   2x2     2x2     0x0      Truncate                 0"
                                + "           -  not selected",
                        "global  global average  kept   -       -       -        -                        0"
                                + "           -  pools the whole map, has no window",
                        "Output: not checked: neither input types nor examples were given to an initialized network");
    }

    @Test
    void swappingNothingIsAnErrorThatListsTheLayers() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolingSwap.to(Pooling.soft())
                        .where(site -> site.name().equals("lefft"))
                        .apply(TestNetworks.graph()))
                .withMessage("no layer to swap to soft pooling; the pooling layers are "
                        + "left (max, kernel 2x2, stride 2x2, padding 0x0, Truncate), "
                        + "right (average, kernel 2x2, stride 2x2, padding 0x0, Truncate), "
                        + "global (global average, pools the whole map, has no window)");
        MultiLayerNetwork dense = TestNetworks.network(
                InputType.feedForward(5), new DenseLayer.Builder().nOut(4).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolingSwap.to(Pooling.soft()).apply(dense))
                .withMessage("no layer to swap to soft pooling; the network has no pooling layer");
        assertThatNullPointerException().isThrownBy(() -> PoolingSwap.to(null)).withMessage("pooling");
    }

    @Test
    void newParametersAreReportedAndAllOthersKept() {
        Pooling convolution = new Pooling("convolution", List.of(2), window -> new ConvolutionLayer.Builder(
                window.kernel(), window.stride())
                        .nIn(4)
                        .nOut(4)
                        .weightInit(WeightInit.XAVIER)
                        .biasInit(0)
                        .activation(Activation.IDENTITY)
                        .updater(new Adam(0.01))
                        .build());
        MultiLayerNetwork network = TestNetworks.images();
        network.fit(x, y);
        SwapResult<MultiLayerNetwork> result = PoolingSwap.to(convolution)
                .where(site -> site.name().equals("pool"))
                .apply(network);
        MultiLayerNetwork swapped = result.network();
        assertThat(result.report().parametersAdded()).isEqualTo(4 * 4 * 2 * 2 + 4);
        assertThat(swapped.numParams()).isEqualTo(network.numParams() + 68);
        network.paramTable().forEach((name, values) -> assertEqual(swapped.getParam(name), values));
        assertThat(swapped.getParam("1_W").norm2Number().doubleValue()).isPositive();
        assertThat(swapped.updaterState().length()).isEqualTo(network.updaterState().length() + 2 * 68);
        assertThat(swapped.updaterState().norm2Number()).isEqualTo(network.updaterState().norm2Number());
        swapped.fit(x, y);
        assertThat(swapped.getParam("1_W").isNaN().any()).isFalse();
    }

    @Test
    void dataTypeIsKept() {
        MultiLayerNetwork network = TestNetworks.network(
                settings -> settings.dataType(DataType.DOUBLE),
                InputType.convolutional(12, 12, 2),
                new ConvolutionLayer.Builder(3, 3).nOut(4).build(),
                max(2, 2));
        MultiLayerNetwork swapped =
                PoolingSwap.to(Pooling.soft()).apply(network).network();
        assertEqual(swapped.params(), network.params());
        assertThat(swapped.output(x.castTo(DataType.DOUBLE)).dataType()).isEqualTo(DataType.DOUBLE);
    }
}
