// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.layers.conf.AdaptiveAvgPooling;
import io.github.dl4jpooling.layers.conf.FakeQuantizeLayer;
import io.github.dl4jpooling.layers.conf.GemPooling;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.conf.QuantizedPooling;
import io.github.dl4jpooling.layers.conf.SoftPooling;
import io.github.dl4jpooling.layers.quantization.Calibration;
import io.github.dl4jpooling.layers.quantization.RangeObserver;
import io.github.dl4jpooling.ops.FakeQuantize;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.Quantization;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Fake quantisation and 8-bit poolings as layers, and the observer of ranges. */
class FakeQuantizeLayerTest {

    @TempDir
    private Path folder;

    private static MultiLayerNetwork network(CNN2DFormat format, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(3).updater(new Adam(0.01)).l2(0.1).l2Bias(0.1).list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).dataFormat(format).activation(Activation.RELU)
                        .build());
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerConfiguration configuration = list
                .layer(new OutputLayer.Builder(LossFunction.MCXENT).nOut(2).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(8, 8, 1, format))
                .build();
        MultiLayerConfiguration read = MultiLayerConfiguration.fromJson(configuration.toJson());
        assertThat(read.equals(configuration)).as("the configuration survives JSON").isTrue();
        MultiLayerNetwork network = new MultiLayerNetwork(read);
        network.init();
        return network;
    }

    private static INDArray images(CNN2DFormat format, int seed) {
        Nd4j.getRandom().setSeed(seed);
        return format == CNN2DFormat.NHWC
                ? Nd4j.rand(DataType.FLOAT, 6, 8, 8, 1)
                : Nd4j.rand(DataType.FLOAT, 6, 1, 8, 8);
    }

    private static INDArray labels() {
        return Nd4j.createFromArray(new float[][] {{1, 0}, {0, 1}, {1, 0}, {0, 1}, {1, 0}, {0, 1}});
    }

    @ParameterizedTest
    @EnumSource(Calibration.class)
    void learnsItsRangeAndKeepsItWithTheModel(Calibration calibration) throws IOException {
        for (CNN2DFormat format : new CNN2DFormat[] {CNN2DFormat.NCHW, CNN2DFormat.NHWC}) {
            FakeQuantizeLayer layer = new FakeQuantizeLayer.Builder().calibration(calibration).perChannel(true)
                    .percentile(100).build();
            MultiLayerNetwork network = network(format, layer, new MaxPooling.Builder(2, 2).build());
            INDArray x = images(format, 1);
            INDArray before = network.output(x);
            INDArray activations = network.feedForward(x).get(1);
            assertThat(network.feedForward(x).get(2)).as("nothing seen: nothing rounded").isEqualTo(activations);
            network.fit(x, labels());
            INDArray range = network.getLayer(1).getParam(FakeQuantizeLayer.RANGE);
            FakeQuantizeLayer conf = (FakeQuantizeLayer) network.getLayer(1).conf().getLayer();
            Quantization q = conf.quantization(range);
            int axis = format == CNN2DFormat.NHWC ? 3 : 1;
            for (int c = 0; c < 4; c++) {
                double most = activations.slice(c, axis).maxNumber().doubleValue();
                assertThat(q.scale(c) * 255).isCloseTo(most, org.assertj.core.data.Offset.offset(1e-5));
                assertThat(q.zeroPoint(c)).isZero();
            }
            INDArray activation = network.feedForward(x).get(1);
            assertThat(network.feedForward(x).get(2)).isEqualTo(
                    new NDPooling().pool(new FakeQuantize(q, format == CNN2DFormat.NHWC), activation));
            File file = folder.resolve("network.zip").toFile();
            network.save(file, true);
            MultiLayerNetwork loaded = MultiLayerNetwork.load(file, true);
            assertThat(loaded.output(x)).isEqualTo(network.output(x)).isNotEqualTo(before);
            assertThat(loaded.getLayer(1).getParam(FakeQuantizeLayer.RANGE)).isEqualTo(range);
        }
    }

    @Test
    void neitherUpdatersNorDecayMoveTheRange() {
        MultiLayerNetwork network = network(CNN2DFormat.NCHW,
                new FakeQuantizeLayer.Builder().freezeAfter(1).build(), new MaxPooling.Builder(2, 2).build());
        network.fit(images(CNN2DFormat.NCHW, 1), labels());
        INDArray range = network.getLayer(1).getParam(FakeQuantizeLayer.RANGE).dup();
        assertThat(range.getDouble(0, 0)).isEqualTo(1);
        for (int i = 2; i < 6; i++) {
            network.fit(images(CNN2DFormat.NCHW, i).muli(3), labels());
        }
        assertThat(network.getLayer(1).getParam(FakeQuantizeLayer.RANGE)).isEqualTo(range);
    }

    @Test
    void observers() {
        INDArray first = Nd4j.createFromArray(-1f, 2f, 0f, 0.5f).reshape(1, 4);
        INDArray second = Nd4j.createFromArray(-3f, 1f, Float.NaN, Float.POSITIVE_INFINITY).reshape(1, 4);
        RangeObserver all = new RangeObserver(Calibration.MIN_MAX, 0.25, 100);
        INDArray state = all.newState(1);
        assertThat(RangeObserver.hasSeen(state)).isFalse();
        all.observe(state, first, 1);
        all.observe(state, second, 1);
        assertThat(all.quantization(state, DataType.INT8))
                .isEqualTo(Quantization.ofRange(DataType.INT8, -3, 2));
        RangeObserver moving = new RangeObserver(Calibration.MOVING_AVERAGE, 0.25, 100);
        state = moving.newState(1);
        moving.observe(state, first, 1);
        moving.observe(state, second, 1);
        assertThat(moving.quantization(state, DataType.UINT8))
                .isEqualTo(Quantization.ofRange(DataType.UINT8, -1.5, 1.75));
    }

    @Test
    void percentilesCutOutliersOff() {
        Random random = new Random(1);
        float[] numbers = new float[100_000];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = i < 20 ? 1000 : (float) random.nextGaussian();
        }
        RangeObserver observer = new RangeObserver(Calibration.PERCENTILE, 0.1, 99);
        INDArray state = observer.newState(1);
        observer.observe(state, Nd4j.createFromArray(numbers).reshape(1, numbers.length), 1);
        Quantization q = observer.quantization(state, DataType.INT8);
        double least = q.scale(0) * (q.least() - q.zeroPoint(0));
        double most = q.scale(0) * (q.most() - q.zeroPoint(0));
        assertThat(least).isBetween(-2.326 * 1.06, -2.326 * 0.94); // of the normal distribution
        assertThat(most).isBetween(2.326 * 0.94, 2.326 * 1.06);
        // All of the same number: it is covered.
        state = observer.newState(1);
        observer.observe(state, Nd4j.valueArrayOf(new long[] {1, 50}, 7f), 1);
        Quantization constant = observer.quantization(state, DataType.UINT8);
        assertThat(constant.scale(0) * 255).isBetween(6.6, 7.0001);
    }

    @Test
    void quantizedPoolingsInANetwork() throws IOException {
        Quantization q = Quantization.ofRange(DataType.UINT8, 0, 2);
        for (CNN2DFormat format : new CNN2DFormat[] {CNN2DFormat.NCHW, CNN2DFormat.NHWC}) {
            for (PoolingLayer layer : new PoolingLayer[] {
                new MaxPooling.Builder(2, 2).build(), new SoftPooling.Builder(3, 3).stride(2, 2).build(),
                new AdaptiveAvgPooling.Builder(2, 2).build()}) {
                MultiLayerNetwork plain = network(format, layer.clone());
                MultiLayerNetwork network = network(format,
                        new QuantizedPooling.Builder(layer.clone()).quantization(q).build());
                INDArray x = images(format, 4);
                INDArray expected = plain.feedForward(x).get(2);
                INDArray actual = network.feedForward(x).get(2);
                double step = q.scale(0);
                assertThat(actual.sub(expected).amaxNumber().doubleValue()).isLessThanOrEqualTo(1.001 * step);
                File file = folder.resolve("quantized.zip").toFile();
                network.save(file, false);
                assertThat(MultiLayerNetwork.load(file, false).output(x)).isEqualTo(network.output(x));
                assertThatThrownBy(() -> network.fit(x, labels())).hasStackTraceContaining("FakeQuantizeLayer");
            }
        }
    }

    @Test
    void errorsNameTheLayer() {
        Quantization q = Quantization.ofRange(DataType.UINT8, 0, 2);
        assertThatThrownBy(() -> new QuantizedPooling.Builder(new GemPooling.Builder(2, 2).build()).quantization(q)
                .name("p").build()).isInstanceOf(DL4JInvalidConfigException.class)
                        .hasMessageContainingAll("QuantizedPooling", "\"p\"", "no 8-bit form");
        assertThatThrownBy(() -> new QuantizedPooling.Builder(new MaxPooling.Builder(2, 2).build()).build())
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContaining("quantizations");
        assertThatThrownBy(() -> new FakeQuantizeLayer.Builder().momentum(0).build())
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContainingAll("momentum", "0.0");
        assertThatThrownBy(() -> new FakeQuantizeLayer.Builder().percentile(101).build())
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContainingAll("percentile", "101.0");
        assertThatThrownBy(() -> new FakeQuantizeLayer.Builder().freezeAfter(-1).build())
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContainingAll("freezeAfter", "-1");
        assertThatThrownBy(() -> new FakeQuantizeLayer.Builder().quantizedType(DataType.FLOAT).build())
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContainingAll("INT8 or UINT8", "FLOAT");
    }
}
