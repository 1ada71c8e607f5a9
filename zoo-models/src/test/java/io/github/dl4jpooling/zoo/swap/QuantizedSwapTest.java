// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.layers.conf.AdaptiveMaxPooling;
import io.github.dl4jpooling.layers.conf.FakeQuantizeLayer;
import io.github.dl4jpooling.layers.conf.GemPooling;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.QuantizedPooling;
import io.github.dl4jpooling.layers.conf.SoftPooling;
import io.github.dl4jpooling.layers.conf.vertex.QuantizedRoiAlignVertex;
import io.github.dl4jpooling.layers.quantization.Calibration;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.zoo.PooledZoo;
import io.github.dl4jpooling.zoo.model.RegionNet;
import java.util.Collections;
import java.util.stream.Collectors;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** Networks whose poolings become 8-bit. */
class QuantizedSwapTest {

    private static DataSetIterator examples(INDArray features) {
        return new ListDataSetIterator<>(
                new DataSet(features, TestNetworks.labels((int) features.size(0), 3)).asList(), 4);
    }

    @Test
    void poolingsOfANetwork() {
        for (boolean perChannel : new boolean[] {false, true}) {
            for (DataType type : new DataType[] {DataType.INT8, DataType.UINT8}) {
                MultiLayerNetwork network = TestNetworks.images(
                        TestNetworks.max(2, 2), new SoftPooling.Builder(3, 3).stride(1, 1).build());
                INDArray x = TestNetworks.features(10, 2, 12, 12);
                INDArray before = network.output(x).dup();
                INDArray parameters = network.params().dup();
                QuantizedResult<MultiLayerNetwork> result =
                        QuantizedSwap.to(type).perChannel(perChannel).apply(network, examples(x));
                assertThat(result.report().swapped()).hasSize(2);
                QuantizedReport.Entry pool = result.report().swapped().get(0);
                assertThat(pool.site()).isEqualTo("pool");
                assertThat(pool.pooling()).isEqualTo("max");
                assertThat(pool.scales()).hasSize(perChannel ? 4 : 1);
                assertThat(pool.largestErrorInSteps()).isBetween(0.2, 0.501); // a maximum is only rounded
                assertThat(result.report().swapped().get(1).largestErrorInSteps()).isBetween(0.2, 1.01);
                assertThat(pool.meanErrorInSteps()).isBetween(0.1, 0.4); // 1/4 where numbers are spread evenly
                assertThat(pool.signalToNoise()).isGreaterThan(35);
                MultiLayerNetwork quantized = result.network();
                assertThat(quantized.getLayer(1).conf().getLayer()).isInstanceOf(QuantizedPooling.class);
                assertThat(quantized.output(x).sub(before).amaxNumber().doubleValue()).isBetween(1e-8, 0.02);
                TestNetworks.assertEqual(quantized.params(), parameters);
                TestNetworks.assertEqual(network.output(x), before);
                assertThat(result.report().toString()).contains("Zero point", "SQNR", "pool");
            }
        }
    }

    @Test
    void poolingsOfAGraphAndGlobalOnes() {
        ComputationGraph network = new ComputationGraph(TestNetworks.graph());
        network.init();
        INDArray x = TestNetworks.features(9, 2, 12, 12);
        INDArray before = network.outputSingle(x).dup();
        QuantizedResult<ComputationGraph> result = QuantizedSwap.to(DataType.INT8)
                .calibration(Calibration.PERCENTILE).percentile(100).apply(network, examples(x));
        assertThat(result.report().swapped().stream().map(QuantizedReport.Entry::site).collect(Collectors.toList()))
                .containsExactlyInAnyOrder("left", "right", "global");
        assertThat(result.network().outputSingle(x).sub(before).amaxNumber().doubleValue()).isBetween(1e-8, 0.02);
        TestNetworks.assertEqual(network.outputSingle(x), before);
    }

    /** RoIAlign too, of which the other input says where. */
    @Test
    void regionsOfAGraph() {
        for (boolean perChannel : new boolean[] {false, true}) {
            ComputationGraph network = PooledZoo.regionNet().inputShape(1, 16, 16).numClasses(3).grid(3).width(0.125)
                    .convolutions(1).build().init();
            INDArray images = TestNetworks.features(3, 1, 16, 16);
            INDArray boxes = Nd4j.createFromArray(new float[][] {
                {0, 1, 1, 7, 7}, {2, 9, 9, 15, 15}, {1, 10, 10, 17, 17}, {1, -3, 1, 7, 7}, {2, 2, 3, 12, 9}});
            MultiDataSet data = new MultiDataSet(
                    new INDArray[] {images, boxes}, new INDArray[] {TestNetworks.labels(5, 3)});
            for (int step = 0; step < 30; step++) {
                network.fit(data);
            }
            INDArray before = network.output(images, boxes)[0].dup();
            QuantizedResult<ComputationGraph> result = QuantizedSwap.to(DataType.UINT8).perChannel(perChannel)
                    .apply(network, new SingletonMultiDataSetIterator(data));
            assertThat(result.report().swapped()).extracting(QuantizedReport.Entry::site)
                    .containsExactly("pool1", "pool2", "regions");
            QuantizedReport.Entry regions = result.report().swapped().get(2);
            assertThat(regions.pooling()).isEqualTo("roi align");
            assertThat(regions.scales()).hasSize(perChannel ? 16 : 1);
            assertThat(regions.largestErrorInSteps()).isBetween(0.2, 1.01);
            assertThat(regions.signalToNoise()).isGreaterThan(30);
            assertThat(result.report().toString()).contains("regions", "roi align", "SQNR");
            ComputationGraph quantized = result.network();
            assertThat(quantized.getConfiguration().getVertices().get("regions"))
                    .isInstanceOf(QuantizedRoiAlignVertex.class);
            INDArray after = quantized.output(images, boxes)[0];
            assertThat(after.sub(before).amaxNumber().doubleValue()).isBetween(1e-8, 0.02);
            TestNetworks.assertEqual(quantized.params(), network.params());
            TestNetworks.assertEqual(network.output(images, boxes)[0], before);
            assertThatThrownBy(() -> QuantizedSwap.to(DataType.INT8)
                    .apply(quantized, new SingletonMultiDataSetIterator(data)))
                            .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("8-bit form");
        }
    }

    @Test
    void otherRegionsStay() {
        ComputationGraph network = PooledZoo.regionNet().inputShape(1, 16, 16).numClasses(3).grid(2).width(0.125)
                .regions(RegionNet.Regions.MAX).convolutions(1).build().init();
        MultiDataSet data = new MultiDataSet(new INDArray[] {TestNetworks.features(1, 1, 16, 16),
            Nd4j.createFromArray(new float[][] {{0, 1, 1, 7, 7}})}, new INDArray[] {TestNetworks.labels(1, 3)});
        QuantizedReport report = QuantizedSwap.to(DataType.UINT8)
                .apply(network, new SingletonMultiDataSetIterator(data)).report();
        assertThat(report.swapped()).hasSize(2);
        assertThat(report.kept()).singleElement().asString().contains("regions", "roi", "no 8-bit form");
    }

    @Test
    void channelsLast() {
        MultiLayerNetwork network = TestNetworks.network(
                InputType.convolutional(12, 12, 2, CNN2DFormat.NHWC),
                new ConvolutionLayer.Builder(3, 3).nOut(4).dataFormat(CNN2DFormat.NHWC).activation(Activation.RELU)
                        .build(),
                new AdaptiveMaxPooling.Builder(4, 3).build(),
                new GlobalPoolingLayer(PoolingType.AVG));
        INDArray x = TestNetworks.features(8, 12, 12, 2);
        INDArray before = network.output(x).dup();
        QuantizedResult<MultiLayerNetwork> result =
                QuantizedSwap.to(DataType.UINT8).perChannel(true).apply(network, examples(x));
        assertThat(result.report().swapped()).hasSize(2);
        assertThat(result.report().swapped().get(1).scales()).hasSize(4);
        assertThat(result.network().output(x).sub(before).amaxNumber().doubleValue()).isLessThan(0.02);
    }

    @Test
    void whatHasNoEightBitFormStays() {
        MultiLayerNetwork network =
                TestNetworks.images(new GemPooling.Builder(2, 2).build(), TestNetworks.max(3, 1));
        INDArray x = TestNetworks.features(8, 2, 12, 12);
        QuantizedReport report = QuantizedSwap.to(DataType.UINT8).apply(network, examples(x)).report();
        assertThat(report.swapped()).hasSize(1);
        assertThat(report.kept()).singleElement().asString().contains("pool", "gem", "no 8-bit form");
        MultiLayerNetwork other =
                TestNetworks.images(new GemPooling.Builder(2, 2).build(), new GemPooling.Builder(2, 2).build());
        assertThatThrownBy(() -> QuantizedSwap.to(DataType.UINT8).apply(other, examples(x)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll("8-bit form", "pool (gem)");
        DataSetIterator none = new ListDataSetIterator<>(Collections.<DataSet>emptyList());
        assertThatThrownBy(() -> QuantizedSwap.to(DataType.UINT8).apply(network, none))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("no examples");
        assertThatThrownBy(() -> QuantizedSwap.to(DataType.FLOAT)).hasMessageContainingAll("INT8 or UINT8", "FLOAT");
        assertThatThrownBy(() -> QuantizedSwap.to(DataType.INT8).percentile(10)).hasMessageContaining("10.0");
    }

    /**
     * Training with the rounding: eight bits whose range a single outlier has spoilt cost a network that knows them
     * less than one that does not.
     */
    @Test
    void trainingWithFakeQuantizationPays() {
        double[] losses = new double[2];
        for (int aware = 0; aware < 2; aware++) {
            FakeQuantizeLayer fake = new FakeQuantizeLayer.Builder().calibration(Calibration.MIN_MAX).build();
            ConvolutionLayer convolution = new ConvolutionLayer.Builder(3, 3)
                    .nOut(4).activation(Activation.RELU).build();
            MaxPooling max = new MaxPooling.Builder(2, 2).build();
            InputType type = InputType.convolutional(8, 8, 1);
            MultiLayerNetwork network = aware == 1
                    ? TestNetworks.network(settings -> settings.updater(new Adam(0.02)), type, convolution, fake, max)
                    : TestNetworks.network(settings -> settings.updater(new Adam(0.02)), type, convolution, max);
            INDArray x = brightPixel();
            INDArray labels = TestNetworks.labels(30, 3);
            for (int i = 0; i < 150; i++) {
                network.fit(x, labels);
            }
            DataSet data = new DataSet(x, labels);
            double before = network.score(data);
            assertThat(before).as("it learns, where guessing has 1.1").isLessThan(0.7);
            QuantizedResult<MultiLayerNetwork> result =
                    QuantizedSwap.to(DataType.UINT8).apply(network, examples(x));
            losses[aware] = Math.abs(result.network().score(data) - before);
            if (aware == 1) {
                Quantization learnt = fake(network).quantization(
                        network.getLayer(1).getParam(FakeQuantizeLayer.RANGE));
                assertThat(result.report().swapped().get(0).scales()).containsExactly(learnt.scale(0));
            }
        }
        assertThat(losses[1]).isLessThan(1e-6); // its numbers are those of 8 bits already
        assertThat(losses[0]).isGreaterThan(10 * losses[1]).isGreaterThan(1e-5);
    }

    private static FakeQuantizeLayer fake(MultiLayerNetwork network) {
        return (FakeQuantizeLayer) network.getLayer(1).conf().getLayer();
    }

    /** Three classes by brightness, which differ little beside one very bright pixel of one image. */
    private static INDArray brightPixel() {
        Nd4j.getRandom().setSeed(5);
        INDArray x = Nd4j.rand(DataType.FLOAT, 30, 1, 8, 8);
        for (int i = 0; i < 30; i++) {
            x.slice(i).addi(0.7 * (i % 3));
        }
        x.putScalar(new int[] {0, 0, 4, 4}, 40);
        return x;
    }
}
