// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import static io.github.dl4jpooling.zoo.swap.TestNetworks.assertEqual;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.features;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.labels;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.max;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.outputLayer;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.layers.conf.DeformablePooling;
import io.github.dl4jpooling.layers.conf.LipPooling;
import io.github.dl4jpooling.layers.conf.MixedPooling;
import io.github.dl4jpooling.ops.LogitNetwork;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Sharing;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.ZeroPaddingLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Parameters of new layers get their sizes from what surrounds them. */
class PoolingSwapSizesTest {
    private static final Pooling BY_CHANNEL =
            Pooling.of("by channel", () -> new MixedPooling.Builder().sharing(Sharing.CHANNEL));
    private static final Pooling BY_PLACE =
            Pooling.of("by place", () -> new MixedPooling.Builder().sharing(Sharing.CHANNEL_REGION));

    @Test
    void poolingsWithSettingsMakeTheirLayers() {
        assertThat(BY_CHANNEL.name()).isEqualTo("by channel");
        assertThat(BY_CHANNEL.dimensions()).containsExactly(1, 2, 3);
        PoolingWindow window = PoolingWindow.builder(3, 4).stride(1, 2).padding(1, 0).build();
        MixedPooling layer = (MixedPooling) BY_CHANNEL.layer(window, "x");
        assertThat(layer.getSharing()).isEqualTo(Sharing.CHANNEL);
        assertThat(layer.window()).isEqualTo(window);
        assertThat(BY_CHANNEL.layer(window, "y")).isNotSameAs(layer);
        Pooling lip = Pooling.of("images only", LipPooling.Builder::new);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> lip.layer(PoolingWindow.builder(3).build(), "x"))
                .withMessage("images only pooling exists for [2] dimensions, layer \"x\" needs 1");
    }

    @Test
    void channelsFollowFromTheLayersBefore() {
        MultiLayerNetwork network = TestNetworks.images();
        MultiLayerNetwork swapped = PoolingSwap.to(BY_CHANNEL).apply(network).network();
        assertThat(swapped.getLayer(1).numParams()).isEqualTo(4);
        assertThat(swapped.getLayer(3).numParams()).isEqualTo(5);
        swapped.fit(features(2, 2, 12, 12), labels(2, TestNetworks.CLASSES));
        assertThat(swapped.score()).isFinite();
    }

    @Test
    @SuppressWarnings("rawtypes") // DL4J's builder of SpaceToDepthLayer
    void channelsFollowThroughLayersWithoutWeightsAndVertices() {
        ComputationGraphConfiguration configuration = settings()
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(16, 16, 2))
                .addLayer("conv", new ConvolutionLayer.Builder(1, 1).nOut(3).build(), "in")
                .addLayer("norm", new BatchNormalization(), "conv")
                .addLayer("relu", new ActivationLayer(Activation.RELU), "norm")
                .addLayer("drop", new DropoutLayer(0.9), "relu")
                .addLayer("deep", new SpaceToDepthLayer.Builder(2).build(), "drop")
                .addLayer("half", max(2, 2), "drop")
                .addVertex("merge", new MergeVertex(), "deep", "half")
                .addLayer("lrn", new LocalResponseNormalization(), "merge")
                .addLayer("padded", new ZeroPaddingLayer(1, 1), "lrn")
                .addLayer("pool", max(2, 2), "padded")
                .addLayer("out", outputLayer(), "pool")
                .setOutputs("out")
                .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        ComputationGraph swapped = PoolingSwap.to(BY_CHANNEL).apply(graph).network();
        assertThat(swapped.getLayer("half").numParams()).isEqualTo(3);
        assertThat(swapped.getLayer("pool").numParams()).isEqualTo(3 * 4 + 3);
        swapped.fit(new INDArray[] {features(2, 2, 16, 16)}, new INDArray[] {labels(2, TestNetworks.CLASSES)});
        assertThat(swapped.score()).isFinite();
    }

    @Test
    void sizesFollowFromInputTypes() {
        MultiLayerNetwork network = TestNetworks.images();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolingSwap.to(BY_PLACE).apply(network))
                .withMessageContaining("by place pooling for layer \"pool\"")
                .withMessageContaining("inputTypes");
        MultiLayerNetwork swapped = PoolingSwap.to(BY_PLACE)
                .inputTypes(InputType.convolutional(12, 12, 2))
                .apply(network)
                .network();
        assertThat(swapped.getLayer(1).numParams()).isEqualTo(4 * 6 * 6);
        assertThat(swapped.getLayer(3).numParams()).isEqualTo(5 * 2 * 2);
        swapped.fit(features(2, 2, 12, 12), labels(2, TestNetworks.CLASSES));
        assertThat(swapped.score()).isFinite();
    }

    @Test
    void sizesOfAGraphFollowFromInputTypes() {
        ComputationGraph graph = new ComputationGraph(TestNetworks.graph());
        graph.init();
        ComputationGraph swapped = PoolingSwap.to(BY_PLACE)
                .inputTypes(InputType.convolutional(12, 12, 2))
                .apply(graph)
                .network();
        assertThat(swapped.getLayer("left").numParams()).isEqualTo(4 * 5 * 5);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolingSwap.to(BY_PLACE)
                        .inputTypes(InputType.convolutional(12, 12, 2), InputType.feedForward(3))
                        .apply(graph))
                .withMessage("the network has the inputs [in], got 2 input types");
    }

    /** 12 without padding are 10 behind a 3x3 convolution, and 5 behind pooling. */
    @Test
    void sizesBehindConvolutionsThatLoseTheirStride() {
        MultiLayerNetwork network = TestNetworks.network(
                InputType.convolutional(12, 12, 2),
                new ConvolutionLayer.Builder(3, 3).stride(2, 2).nOut(4).build());
        PoolingSwap swap = PoolingSwap.to(BY_PLACE).withStridedConvolutions();
        SwapResult<MultiLayerNetwork> result =
                swap.inputTypes(InputType.convolutional(12, 12, 2)).apply(network);
        assertThat(result.network().getLayer(1).numParams()).isEqualTo(4 * 5 * 5);
        assertThat(result.report().parametersAdded()).isEqualTo(4 * 5 * 5);
        MultiLayerNetwork byChannel =
                PoolingSwap.to(BY_CHANNEL).withStridedConvolutions().apply(network).network();
        assertThat(byChannel.getLayer(1).numParams()).isEqualTo(4);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> swap.apply(network))
                .withMessageContaining("parameters for each place");
    }

    @Test
    void layersWithConvolutionsOfTheirOwn() {
        MultiLayerNetwork network = TestNetworks.images();
        INDArray x = features(2, 2, 12, 12);
        MultiLayerNetwork lip = PoolingSwap.to(Pooling.of("lip block", () -> new LipPooling.Builder()
                .logitNetwork(LogitNetwork.PROJECTION)))
                .apply(network)
                .network();
        assertThat(lip.getLayer(1).numParams()).isEqualTo(4 * 4 + 4);
        MultiLayerNetwork deformable = PoolingSwap.to(
                Pooling.of("deformable block", () -> new DeformablePooling.Builder()))
                .apply(network)
                .network();
        for (MultiLayerNetwork swapped : new MultiLayerNetwork[] {lip, deformable}) {
            swapped.fit(x, labels(2, TestNetworks.CLASSES));
            assertThat(swapped.score()).isFinite();
            assertEqual(MultiLayerNetwork.class.cast(swapped.clone()).output(x), swapped.output(x));
        }
    }

    @Test
    void channelsLast() {
        MultiLayerNetwork network = TestNetworks.network(
                settings -> settings,
                InputType.convolutional(8, 8, 2, CNN2DFormat.NHWC),
                new ConvolutionLayer.Builder(1, 1)
                        .nOut(5)
                        .dataFormat(CNN2DFormat.NHWC)
                        .build(),
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                        .dataFormat(CNN2DFormat.NHWC)
                        .build());
        MultiLayerNetwork swapped = PoolingSwap.to(BY_CHANNEL).apply(network).network();
        assertThat(swapped.getLayer(1).numParams()).isEqualTo(5);
        assertThat(swapped.output(features(2, 8, 8, 2)).shape()).containsExactly(2, TestNetworks.CLASSES);
    }

    /** DL4J's clone of a MergeVertex forgets the axis. */
    @Test
    void channelsLastInAGraphThatMerges() {
        ConvolutionLayer convolution = new ConvolutionLayer.Builder(1, 1).nOut(3).dataFormat(CNN2DFormat.NHWC).build();
        SubsamplingLayer max = new SubsamplingLayer.Builder(
                SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2})
                        .dataFormat(CNN2DFormat.NHWC)
                        .build();
        ComputationGraph graph = new ComputationGraph(settings()
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(8, 8, 2, CNN2DFormat.NHWC))
                .addLayer("conv", convolution, "in")
                .addLayer("left", max, "conv")
                .addLayer("right", max.clone(), "conv")
                .addVertex("merge", new MergeVertex(), "left", "right")
                .addLayer("last", max.clone(), "merge")
                .addLayer("out", outputLayer(), "last")
                .setOutputs("out")
                .build());
        graph.init();
        INDArray x = features(2, 8, 8, 2);
        ComputationGraph swapped = PoolingSwap.to(BY_CHANNEL).apply(graph).network();
        assertThat(swapped.getLayer("last").numParams()).isEqualTo(6);
        assertThat(swapped.feedForward(x, false).get("merge").shape()).containsExactly(2, 4, 4, 6);
        assertEqual(PoolingSwap.to(Pooling.max()).apply(graph).network().outputSingle(x), graph.outputSingle(x));
    }

    @Test
    void whatTheNetworkGetsHasToBeSaidIfItPoolsFirst() {
        MultiLayerNetwork network = TestNetworks.network(
                InputType.convolutional(8, 8, 3), max(2, 2), new ConvolutionLayer.Builder(1, 1).nOut(5).build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolingSwap.to(BY_CHANNEL).apply(network))
                .withMessageContaining("parameters for each channel")
                .withMessageContaining("inputTypes");
        MultiLayerNetwork swapped = PoolingSwap.to(BY_CHANNEL)
                .inputTypes(InputType.convolutional(8, 8, 3))
                .apply(network)
                .network();
        assertThat(swapped.getLayer(0).numParams()).isEqualTo(3);
    }

    /** What a layer has learnt belongs to its pooling. */
    @Test
    void parametersOfAnotherPoolingAreNotTakenOver() {
        Pooling mixed = Pooling.named("mixed");
        MultiLayerNetwork network = PoolingSwap.to(mixed).apply(TestNetworks.images()).network();
        network.getLayer(1).params().assign(0.3);
        assertThat(PoolingSwap.to(mixed).apply(network).network().getLayer(1).params().getDouble(0))
                .isCloseTo(0.3, within(1e-6));
        Pooling all = Pooling.of("all maximum", () -> new MixedPooling.Builder().initialProportion(1));
        assertThat(PoolingSwap.to(all).apply(network).network().getLayer(1).params().getDouble(0)).isEqualTo(1);
    }
}
