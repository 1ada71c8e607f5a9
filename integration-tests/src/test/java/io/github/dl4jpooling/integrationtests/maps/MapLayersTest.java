// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.layers.conf.AdaptiveAvgPooling;
import io.github.dl4jpooling.layers.conf.AdaptiveMaxPooling;
import io.github.dl4jpooling.layers.conf.CbamPooling;
import io.github.dl4jpooling.layers.conf.ChannelGating;
import io.github.dl4jpooling.layers.conf.ChannelPooling;
import io.github.dl4jpooling.layers.conf.CornerPooling;
import io.github.dl4jpooling.layers.conf.DiagonalPooling;
import io.github.dl4jpooling.layers.conf.DppPooling;
import io.github.dl4jpooling.layers.conf.FractionalMaxPooling;
import io.github.dl4jpooling.layers.conf.OrientedPooling;
import io.github.dl4jpooling.layers.conf.S3Pooling;
import io.github.dl4jpooling.layers.conf.SePooling;
import io.github.dl4jpooling.layers.conf.SpatialGating;
import io.github.dl4jpooling.layers.conf.SpatialPyramidPooling;
import io.github.dl4jpooling.layers.conf.StripAttentionPooling;
import io.github.dl4jpooling.layers.conf.StripPooling;
import io.github.dl4jpooling.layers.conf.WinnerTakeAllLayer;
import io.github.dl4jpooling.ops.CornerPool.Edge;
import io.github.dl4jpooling.ops.DiagonalPool.Diagonals;
import io.github.dl4jpooling.ops.GatePool;
import io.github.dl4jpooling.ops.LineOp;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.Orientation;
import io.github.dl4jpooling.ops.S3Pool;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Bins;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Type;
import io.github.dl4jpooling.ops.StripPool.Strips;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Layers of the operators on maps in DL4J networks. */
class MapLayersTest {

    private static int runs;

    @TempDir
    private Path folder;

    private static MultiLayerConfiguration configuration(Layer pooling, CNN2DFormat format, boolean trains) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(trains ? DataType.FLOAT : DataType.DOUBLE)
                .updater(trains ? new Adam(0.02) : new NoOp())
                .activation(Activation.TANH)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3).nOut(4).dataFormat(format).build())
                .layer(pooling)
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(2)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(14, 14, 1, format))
                .build();
    }

    private static MultiLayerNetwork network(Layer pooling, CNN2DFormat format, boolean trains) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration(pooling, format, trains));
        network.init();
        return network;
    }

    /** Even examples have horizontal stripes, odd ones vertical stripes. */
    private static INDArray images(DataType type, CNN2DFormat format, int count, int height, int width) {
        INDArray images = Nd4j.rand(type, count, 1, height, width);
        for (int example = 0; example < count; example++) {
            for (int i = 0; i < height; i++) {
                for (int j = 0; j < width; j++) {
                    int[] at = {example, 0, i, j};
                    images.putScalar(at, images.getDouble(at) * 0.3 + ((example % 2 == 0 ? i : j) / 2) % 2);
                }
            }
        }
        return format == CNN2DFormat.NHWC ? images.permute(0, 2, 3, 1).dup('c') : images;
    }

    private static INDArray labels(DataType type, int count) {
        INDArray labels = Nd4j.create(type, count, 2);
        for (int example = 0; example < count; example++) {
            labels.putScalar(example, example % 2, 1);
        }
        return labels;
    }

    private static Stream<Layer> layers() {
        return Stream.of(
                new AdaptiveAvgPooling.Builder(5, 4).build(),
                new AdaptiveMaxPooling.Builder(5, 14).build(),
                new SpatialPyramidPooling.Builder(4, 2, 1).build(),
                new SpatialPyramidPooling.Builder().levels(new int[] {3, 2}, new int[] {1})
                        .bins(Bins.CAFFE).poolingType(Type.AVG).build(),
                new FractionalMaxPooling.Builder(2, 2).outputSize(7, 9).seed(4).build(),
                new S3Pooling.Builder(2).gridSize(4).seed(5).build(),
                new OrientedPooling.Builder(5).orientation(Orientation.DIAGONAL).stride(2, 3).build(),
                new OrientedPooling.Builder(4).poolingType(LineOp.Type.MAX).build(),
                new StripPooling.Builder().build(),
                new StripPooling.Builder().strips(Strips.HORIZONTAL).poolingType(LineOp.Type.MAX).build(),
                new DiagonalPooling.Builder().diagonals(Diagonals.ANTI).build(),
                new CornerPooling.Builder(Edge.LEFT).build(),
                new ChannelPooling.Builder().build(),
                new SePooling.Builder().reduction(2).build(),
                new ChannelGating.Builder().reduction(2).pools(GatePool.AVG, GatePool.MAX, GatePool.LP, GatePool.LSE)
                        .build(),
                new SpatialGating.Builder().kernelSize(3).build(),
                new CbamPooling.Builder().reduction(2).kernelSize(5).build(),
                new StripAttentionPooling.Builder().build(),
                new WinnerTakeAllLayer.Builder(3).build());
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        return Stream.of(CNN2DFormat.values()).flatMap(format -> layers().map(layer -> DynamicTest.dynamicTest(
                layer.getClass().getSimpleName() + " " + format, () -> Doubles.byDefault(() -> {
                    MultiLayerNetwork network = network(layer.clone(), format, false);
                    assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                            .net(network)
                            .input(images(DataType.DOUBLE, format, 4, 14, 14))
                            .labels(labels(DataType.DOUBLE, 4))
                            .epsilon(1e-6)
                            .maxRelError(1e-5)
                            .minAbsoluteError(1e-9)
                            .subset(true)
                            .maxPerParam(12)
                            .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)))
                                    .isTrue();
                }))));
    }

    @TestFactory
    Stream<DynamicTest> configurationSurvives() {
        return layers().map(layer -> DynamicTest.dynamicTest(layer.getClass().getSimpleName(), () -> {
            assertThat(layer.clone()).isEqualTo(layer).isNotSameAs(layer);
            MultiLayerNetwork network = network(layer, CNN2DFormat.NHWC, true);
            MultiLayerConfiguration configuration = network.getLayerWiseConfigurations();
            assertThat(MultiLayerConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
            File file = folder.resolve("network.zip").toFile();
            network.save(file);
            INDArray x = images(DataType.FLOAT, CNN2DFormat.NHWC, 3, 14, 14);
            assertThat(load(file).output(x)).isEqualTo(network.output(x));
        }));
    }

    private static MultiLayerNetwork load(File file) throws IOException {
        return MultiLayerNetwork.load(file, true);
    }

    /** Batches of images of different sizes through one network, which learns. */
    @TestFactory
    Stream<DynamicTest> imagesOfAnySize() {
        return Stream.of(CNN2DFormat.values()).flatMap(format -> Stream.of(Bins.values()).flatMap(
                bins -> Stream.of(Type.values())
                        .map(type -> DynamicTest.dynamicTest(format + " " + bins + " " + type, () -> {
                            MultiLayerNetwork network = network(new SpatialPyramidPooling.Builder(4, 2, 1).bins(bins)
                                    .poolingType(type).build(), format, true);
                            assertThat(network.getLayer(2).getParam("W").shape()).containsExactly(4 * 21, 2);
                            List<int[]> sizes = List.of(new int[] {14, 14}, new int[] {9, 21}, new int[] {30, 12},
                                    new int[] {17, 17});
                            for (int step = 0; step < 60; step++) {
                                int[] size = sizes.get(step % sizes.size());
                                network.fit(images(DataType.FLOAT, format, 8, size[0], size[1]),
                                        labels(DataType.FLOAT, 8));
                            }
                            for (int[] size : new int[][] {{14, 14}, {25, 11}, {13, 40}}) {
                                INDArray y = network.output(images(DataType.FLOAT, format, 10, size[0], size[1]));
                                assertThat(y.argMax(1)).isEqualTo(labels(DataType.FLOAT, 10).argMax(1));
                            }
                        }))));
    }

    /** What a layer makes of an input, and of a gradient. */
    private static INDArray[] run(Layer layer, INDArray x, boolean training) {
        // Each run has a seed of its own: DL4J's default, the time, may be the same for two runs.
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().dataType(x.dataType())
                .seed(++runs).list().layer(layer).setInputType(InputType.convolutional(x.size(2), x.size(3), x.size(1)))
                .build());
        network.init();
        INDArray y = network.feedForward(x, training).get(1);
        INDArray epsilon = y.mul(y);
        network.setInput(x);
        network.feedForward(training, false);
        return new INDArray[] {y, network.backpropGradient(epsilon, null).getSecond()};
    }

    private static void assertSame(Layer actual, Layer expected, INDArray x) {
        INDArray[] results = run(actual, x, true);
        INDArray[] right = run(expected, x, true);
        for (int i = 0; i < right.length; i++) {
            assertThat(results[i].ravel().toDoubleVector()).hasSameSizeAs(right[i].ravel().toDoubleVector());
            assertThat(results[i].ravel().sub(right[i].ravel()).amaxNumber().doubleValue()).isLessThan(1e-12);
        }
    }

    @Test
    void evenCellsArePlainPooling() {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 3, 5, 12, 8);
        assertSame(new AdaptiveAvgPooling.Builder(4, 4).build(),
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG, new int[] {3, 2}, new int[] {3, 2})
                        .build(),
                x);
        assertSame(new AdaptiveMaxPooling.Builder(4, 4).build(),
                new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.MAX, new int[] {3, 2}, new int[] {3, 2})
                        .build(),
                x);
    }

    @Test
    void pyramidOfOneBinIsGlobalPooling() {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 3, 5, 12, 8);
        for (Bins bins : Bins.values()) {
            assertSame(new SpatialPyramidPooling.Builder(1).bins(bins).build(),
                    new GlobalPoolingLayer.Builder(PoolingType.MAX).build(), x);
            assertSame(new SpatialPyramidPooling.Builder(1).bins(bins).poolingType(Type.AVG).build(),
                    new GlobalPoolingLayer.Builder(PoolingType.AVG).build(), x);
        }
    }

    /** Detail-preserving pooling with stride 1, then random rows and columns: S3-DPP. */
    @Test
    void s3DppTrains() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.02))
                .list()
                .layer(new DppPooling.Builder(2, 2).stride(1, 1).convolutionMode(ConvolutionMode.Same).build())
                .layer(new S3Pooling.Builder(2).maxFirst(false).seed(5).build())
                .layer(new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(8, 8, 2))
                .build());
        network.init();
        INDArray x = Nd4j.rand(DataType.FLOAT, 6, 2, 8, 8);
        INDArray labels = Nd4j.eye(3).repeat(0, 2).castTo(DataType.FLOAT);
        DataSet data = new DataSet(x, labels);
        double before = network.score(data);
        INDArray alpha = network.getParam("0_alpha").dup();
        for (int i = 0; i < 20; i++) {
            network.fit(data);
        }
        assertThat(network.feedForward(x).get(2).shape()).containsExactly(6, 2, 4, 4);
        assertThat(network.score(data)).isLessThan(0.9 * before);
        assertThat(network.getParam("0_alpha").squaredDistance(alpha)).isPositive();
    }

    @Test
    void s3DrawsInTrainingOnly() {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 12, 12);
        Layer layer = new S3Pooling.Builder(2).gridSize(6).build();
        S3Pool inference = S3Pool.builder(2).phase(TrainingPhase.INFERENCE).build();
        INDArray y = run(layer, x, false)[0];
        assertThat(y).isEqualTo(new NDPooling().pool(inference, x)).isEqualTo(run(layer, x, false)[0]);
        assertThat(run(layer, x, false)[1]).isEqualTo(new NDPooling().gradients(inference, y.mul(y), x)[0]);
        INDArray training = run(layer, x, true)[0];
        assertThat(training.shape()).isEqualTo(y.shape());
        assertThat(run(layer, x, true)[0]).isNotEqualTo(training);
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> new SpatialPyramidPooling.Builder().build())
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContainingAll("SpatialPyramidPooling", "at least one level");
        assertThatThrownBy(() -> new FractionalMaxPooling.Builder(2, 2).build())
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContaining("outputSize");
        assertThatThrownBy(() -> new AdaptiveAvgPooling.Builder(0, 2).build())
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContainingAll("outputSize", "0");
        assertThatThrownBy(() -> new AdaptiveMaxPooling.Builder().build())
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContaining("1, 2 or 3");
        assertThatThrownBy(() -> new S3Pooling.Builder(2).gridSize(5).build())
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContaining("gridSize");
        assertThatThrownBy(() -> run(new S3Pooling.Builder(2).build(), Nd4j.rand(DataType.FLOAT, 1, 1, 9, 8), true))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContainingAll("training", "inference", "9");
        MultiLayerNetwork network =
                network(new SpatialPyramidPooling.Builder(6).bins(Bins.CAFFE).build(), CNN2DFormat.NCHW, true);
        assertThatThrownBy(() -> network.output(images(DataType.FLOAT, CNN2DFormat.NCHW, 1, 6, 6)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContainingAll("SpatialPyramidPooling", "Caffe", "4 elements", "6 bins");
    }
}
