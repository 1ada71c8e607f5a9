// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import static io.github.dl4jpooling.zoo.swap.TestNetworks.assertEqual;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.features;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.labels;
import static io.github.dl4jpooling.zoo.swap.TestNetworks.max;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.github.dl4jpooling.layers.conf.SoftPooling;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.util.MaskZeroLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every kind of layer that can be swapped, and those that cannot. */
class PoolingSwapLayersTest {

    /** Swaps to soft and back; checks against a network built by hand and lets the result train. */
    private static void check(MultiLayerNetwork network, MultiLayerNetwork byHand, INDArray x) {
        byHand.setParams(network.params());
        MultiLayerNetwork soft = PoolingSwap.to(Pooling.soft()).apply(network).network();
        assertThat(soft.getLayerWiseConfigurations().toJson())
                .isEqualTo(byHand.getLayerWiseConfigurations().toJson());
        assertEqual(soft.output(x), byHand.output(x));
        assertThat(soft.output(x).distance2(network.output(x))).isGreaterThan(1e-6);
        MultiLayerNetwork back = PoolingSwap.to(Pooling.max()).apply(soft).network();
        assertEqual(back.output(x), network.output(x));
        soft.fit(x, labels((int) x.size(0), TestNetworks.CLASSES));
        assertThat(soft.score()).isFinite();
        assertThat(soft.params().distance2(network.params())).isPositive();
    }

    /** All there are, with the windows of the layers they replace; one step of training. */
    @ParameterizedTest
    @MethodSource("io.github.dl4jpooling.zoo.swap.Pooling#names")
    void everyPoolingTakesTheWindowsOverAndLearns(String name) {
        MultiLayerNetwork network = TestNetworks.images(max(2, 2), max(2, 2));
        INDArray x = features(4, 2, 12, 12);
        SwapResult<MultiLayerNetwork> result = PoolingSwap.to(Pooling.named(name))
                .inputTypes(InputType.convolutional(12, 12, 2))
                .apply(network);
        MultiLayerNetwork swapped = result.network();
        assertThat(result.report().swapped()).hasSize(2);
        for (int layer : new int[] {1, 3}) {
            PoolingSite before = site(network, layer);
            PoolingSite after = site(swapped, layer);
            assertThat(after.pooling()).isEqualTo(name);
            assertThat(after.window()).isEqualTo(before.window());
            assertThat(swapped.feedForward(x).get(layer + 1).shape())
                    .isEqualTo(network.feedForward(x).get(layer + 1).shape());
        }
        INDArray before = swapped.params().dup();
        swapped.fit(x, labels(4, TestNetworks.CLASSES));
        assertThat(swapped.score()).isFinite();
        assertThat(swapped.params().isNaN().any()).isFalse();
        assertThat(swapped.params().distance2(before)).isPositive();
    }

    private static PoolingSite site(MultiLayerNetwork network, int layer) {
        return PoolingSite.of(layer, "layer", network.getLayerWiseConfigurations().getConf(layer).getLayer())
                .orElseThrow();
    }

    @Test
    void channelsLast() {
        MultiLayerNetwork network = imagesLast(max(3, 2));
        SoftPooling soft = new SoftPooling.Builder(3, 3)
                .stride(2, 2)
                .dataFormat(CNN2DFormat.NHWC)
                .build();
        check(network, imagesLast(soft), features(4, 12, 11, 2));
    }

    private static MultiLayerNetwork imagesLast(Layer pooling) {
        ConvolutionLayer convolution = new ConvolutionLayer.Builder(3, 3)
                .nOut(4)
                .dataFormat(CNN2DFormat.NHWC)
                .build();
        return TestNetworks.network(InputType.convolutional(12, 11, 2, CNN2DFormat.NHWC), convolution, pooling);
    }

    @Test
    void sequences() {
        Subsampling1DLayer max = new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.MAX, 3, 2)
                .convolutionMode(ConvolutionMode.Same)
                .build();
        SoftPooling soft = new SoftPooling.Builder(3)
                .stride(2)
                .convolutionMode(ConvolutionMode.Same)
                .build();
        check(sequences(max), sequences(soft), features(4, 2, 9));
    }

    private static MultiLayerNetwork sequences(Layer pooling) {
        return TestNetworks.network(
                InputType.recurrent(2, 9),
                new Convolution1DLayer.Builder(3)
                        .nOut(4)
                        .convolutionMode(ConvolutionMode.Same)
                        .build(),
                pooling,
                new GlobalPoolingLayer(PoolingType.AVG));
    }

    /** DL4J's own builder pads the axis of width 1 as well; such a layer fails when it runs. */
    @Test
    void sequencesWithPadding() {
        MultiLayerNetwork network =
                sequences(new SoftPooling.Builder(3).stride(2).padding(1).build());
        for (Pooling pooling : new Pooling[] {Pooling.max(), Pooling.average(), Pooling.pNorm(2)}) {
            MultiLayerNetwork swapped = PoolingSwap.to(pooling).apply(network).network();
            INDArray x = features(2, 2, 9);
            assertThat(swapped.feedForward(x).get(2).shape()).containsExactly(2, 4, 5);
            swapped.fit(x, labels(2, TestNetworks.CLASSES));
            assertThat(swapped.score()).isFinite();
        }
    }

    @Test
    void volumes() {
        Subsampling3DLayer max = new Subsampling3DLayer.Builder(
                Subsampling3DLayer.PoolingType.MAX, new int[] {2, 3, 2}, new int[] {2, 2, 2})
                        .convolutionMode(ConvolutionMode.Same)
                        .build();
        SoftPooling soft = new SoftPooling.Builder(2, 3, 2)
                .stride(2, 2, 2)
                .convolutionMode(ConvolutionMode.Same)
                .build();
        check(volumes(max), volumes(soft), features(4, 2, 6, 5, 4));
    }

    private static MultiLayerNetwork volumes(Layer pooling) {
        return TestNetworks.network(
                InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, 6, 5, 4, 2),
                new Convolution3D.Builder(3, 3, 3)
                        .nOut(3)
                        .convolutionMode(ConvolutionMode.Same)
                        .build(),
                pooling);
    }

    @Test
    void volumesHaveNoPNorm() {
        MultiLayerNetwork network =
                volumes(new SoftPooling.Builder(2, 2, 2).name("deep").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolingSwap.to(Pooling.pNorm(2)).apply(network))
                .withMessage("pnorm2 pooling exists for [1, 2] dimensions, layer \"deep\" needs 3");
    }

    @Test
    void ceilModeIsKeptAndRefusedByLayersThatLackIt() {
        MultiLayerNetwork network = TestNetworks.images(
                new SoftPooling.Builder(3, 3).stride(2, 2).ceilMode(true).build(), max(2, 2));
        SwapResult<MultiLayerNetwork> soft = PoolingSwap.to(Pooling.soft()).apply(network);
        INDArray x = features(2, 2, 12, 12);
        assertThat(soft.network().feedForward(x).get(2).shape()).containsExactly(2, 4, 6, 6);
        assertThat(soft.report().toString()).contains("Truncate, ceil");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolingSwap.to(Pooling.max()).apply(network))
                .withMessage("max pooling for layer \"pool\": DL4J's own pooling layers have no ceil mode");
    }

    /** AlexNet's first pooling layer is such a one. */
    @Test
    void paddingThatModeSameIgnoresIsDropped() {
        SubsamplingLayer max = new SubsamplingLayer.Builder(
                SubsamplingLayer.PoolingType.MAX, new int[] {3, 3}, new int[] {2, 2}, new int[] {1, 1})
                        .build();
        MultiLayerNetwork network = TestNetworks.network(
                settings -> settings.convolutionMode(ConvolutionMode.Same), InputType.convolutional(9, 9, 1), max);
        SubsamplingLayer before =
                (SubsamplingLayer) network.getLayerWiseConfigurations().getConf(0).getLayer();
        assertThat(before.getPadding()).containsExactly(1, 1);
        assertThat(before.getConvolutionMode()).isEqualTo(ConvolutionMode.Same);
        INDArray x = features(2, 1, 9, 9);
        SwapResult<MultiLayerNetwork> soft = PoolingSwap.to(Pooling.soft()).apply(network);
        assertThat(soft.network().feedForward(x).get(1).shape())
                .isEqualTo(network.feedForward(x).get(1).shape());
        assertThat(soft.report().entries().get(0).site().window().padding()).containsExactly(0, 0);
        MultiLayerNetwork max2 = PoolingSwap.to(Pooling.max()).apply(network).network();
        assertEqual(max2.output(x), network.output(x));
    }

    @Test
    void frozenLayersStayFrozen() {
        MultiLayerNetwork network = new TransferLearning.Builder(TestNetworks.images())
                .setFeatureExtractor(1)
                .build();
        SwapResult<MultiLayerNetwork> result = PoolingSwap.to(Pooling.soft()).apply(network);
        MultiLayerNetwork swapped = result.network();
        FrozenLayer frozen =
                (FrozenLayer) swapped.getLayerWiseConfigurations().getConf(1).getLayer();
        assertThat(frozen.getLayerName()).isEqualTo("pool");
        assertThat(frozen.getLayer()).isInstanceOf(SoftPooling.class);
        assertThat(frozen.getLayer().getLayerName()).isEqualTo("pool");
        assertThat(((FrozenLayer) network.getLayerWiseConfigurations().getConf(1).getLayer()).getLayer())
                .isInstanceOf(SubsamplingLayer.class);
        assertThat(result.report().entries().get(0).site().layerType()).isEqualTo(SubsamplingLayer.class);
        INDArray weights = network.getParam("0_W").dup();
        swapped.fit(features(4, 2, 12, 12), labels(4, TestNetworks.CLASSES));
        assertEqual(swapped.getParam("0_W"), weights);
        assertThat(swapped.getParam("2_W").distance2(network.getParam("2_W"))).isPositive();
    }

    @Test
    void wrappersStayAround() {
        Layer wrapped = new FrozenLayerWithBackprop(max(2, 2));
        MultiLayerNetwork network = TestNetworks.images(wrapped, max(2, 2));
        String json = network.getLayerWiseConfigurations().toJson();
        MultiLayerNetwork swapped =
                PoolingSwap.to(Pooling.soft()).apply(network).network();
        FrozenLayerWithBackprop wrapper =
                (FrozenLayerWithBackprop) swapped.getLayerWiseConfigurations().getConf(1).getLayer();
        assertThat(wrapper.getUnderlying()).isInstanceOf(SoftPooling.class);
        assertThat(wrapper.getUnderlying().getLayerName()).isEqualTo("pool");
        assertThat(network.getLayerWiseConfigurations().toJson()).isEqualTo(json);
        swapped.fit(features(4, 2, 12, 12), labels(4, TestNetworks.CLASSES));
        assertThat(swapped.score()).isFinite();
    }

    /** DL4J's clone of a MaskZeroLayer shares the layer inside with the original. */
    @Test
    void wrappersOfWrappersAreNotModified() {
        Subsampling1DLayer max = new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.MAX, 3, 2).build();
        MultiLayerConfiguration configuration = sequences(new MaskZeroLayer(new FrozenLayerWithBackprop(max), 0))
                .getLayerWiseConfigurations();
        String json = configuration.toJson();
        MultiLayerConfiguration swapped = PoolingSwap.to(Pooling.soft()).apply(configuration).network();
        Layer inside = ((MaskZeroLayer) swapped.getConf(1).getLayer()).getUnderlying();
        assertThat(((FrozenLayerWithBackprop) inside).getUnderlying()).isInstanceOf(SoftPooling.class);
        assertThat(configuration.toJson()).isEqualTo(json);
    }

    @Test
    void dropoutIsTakenOver() {
        SubsamplingLayer max = max(2, 2);
        max.setIDropout(new Dropout(0.5));
        Layer swapped = PoolingSwap.to(Pooling.soft())
                .apply(TestNetworks.images(max, max(2, 2)))
                .network()
                .getLayerWiseConfigurations()
                .getConf(1)
                .getLayer();
        assertThat(swapped.getIDropout()).isEqualTo(max.getIDropout()).isNotSameAs(max.getIDropout());
    }

    @Test
    void averageThatCountsThePaddingIsToldApart() {
        SubsamplingLayer average = new SubsamplingLayer.Builder(
                SubsamplingLayer.PoolingType.AVG, new int[] {3, 3}, new int[] {2, 2}, new int[] {1, 1})
                        .avgPoolIncludePadInDivisor(true)
                        .build();
        MultiLayerNetwork network = TestNetworks.images(average, max(2, 2));
        SwapReport report = PoolingSwap.to(Pooling.average()).apply(network).report();
        assertThat(report.entries())
                .extracting(SwapReport.Entry::before)
                .containsExactly("average with padding", "max");
    }

    @Test
    void layersThatCannotBeSwappedAreKept() {
        SubsamplingLayer padded = new SubsamplingLayer.Builder(
                SubsamplingLayer.PoolingType.MAX, new int[] {2, 2}, new int[] {2, 2}, new int[] {2, 2})
                        .build();
        SwapReport report = PoolingSwap.to(Pooling.soft())
                .apply(TestNetworks.images(padded, max(2, 2)))
                .report();
        assertThat(report.entries()).extracting(SwapReport.Entry::after).containsExactly("kept", "soft");
        assertThat(report.entries().get(0).remark()).contains("padding").contains("[2, 2]");
        assertThat(report.toString()).contains("pool    max");
        Subsampling1DLayer causal = new Subsampling1DLayer.Builder(SubsamplingLayer.PoolingType.MAX, 3, 1)
                .convolutionMode(ConvolutionMode.Causal)
                .build();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PoolingSwap.to(Pooling.soft()).apply(sequences(causal)))
                .withMessageContaining("convolution mode must be Truncate, Strict or Same, got Causal");
    }
}
