// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.layers.conf.DppPooling;
import io.github.dl4jpooling.layers.conf.LipPooling;
import io.github.dl4jpooling.layers.conf.SoftPooling;
import io.github.dl4jpooling.ops.LogitNetwork;
import io.github.dl4jpooling.zoo.PooledZoo;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

/** The architectures that DL4J lacks. DL4J counts means and variances of batch normalization as parameters. */
class NewModelsTest {

    private static ComputationGraphConfiguration configuration(GraphModel.Builder<?> builder) {
        return ((GraphModel) builder.build()).plainNetwork().getConfiguration();
    }

    private static long parameters(GraphModel.Builder<?> builder) {
        return configuration(builder).getVertices().values().stream()
                .mapToLong(vertex -> vertex.numParams(false))
                .sum();
    }

    private static Layer layer(ComputationGraphConfiguration configuration, String name) {
        return ((LayerVertex) configuration.getVertices().get(name)).getLayerConf().getLayer();
    }

    /** Shape of what a vertex puts out, for one image. */
    private static String shape(GraphModel.Builder<?> builder, String name) {
        GraphModel model = (GraphModel) builder.build();
        Map<String, InputType> types =
                model.plainNetwork().getConfiguration().getLayerActivationTypes(true, model.inputTypes());
        InputType.InputTypeConvolutional type = (InputType.InputTypeConvolutional) types.get(name);
        return type.getChannels() + "x" + type.getHeight() + "x" + type.getWidth();
    }

    @Test
    void numbersOfParametersAreThePapers() {
        // Convolutions and dense layers of the published networks, and 4 for each normalized channel.
        assertThat(parameters(PooledZoo.googLeNet())).isEqualTo(6_998_552 + 3 * 7_280);
        assertThat(parameters(PooledZoo.mobileNetV2())).isEqualTo(3_538_984);
        assertThat(parameters(PooledZoo.softPoolResNet())).isEqualTo(25_610_152);
        assertThat(parameters(PooledZoo.softPoolResNet().depth(18))).isEqualTo(11_689_512 + 2 * 4_800);
        assertThat(parameters(PooledZoo.networkInNetwork())).isEqualTo(966_986);
        assertThat(parameters(PooledZoo.stochasticPoolingNet())).isEqualTo(4_864 + 2 * 102_464 + 10_250);
    }

    @Test
    void numbersOfParametersOfLearnedPoolingAreAdded() {
        long bottlenecks = 0;
        for (int channels : new int[] {128, 256, 512}) {
            bottlenecks += logitBottleneck(channels) + logitBottleneck(2 * channels);
        }
        long simplified = 9 * 64 * 64 + 2 * 64;
        long notThere = 8 * (128 * 128 + 256 * 256 + 512 * 512); // 1x1 convolutions in place of 3x3
        assertThat(parameters(PooledZoo.lipResNet()))
                .isEqualTo(25_610_152 - notThere + simplified + bottlenecks);
        long transitions = logitBottleneck(128) + logitBottleneck(256) + logitBottleneck(512);
        assertThat(parameters(PooledZoo.lipDenseNet())).isEqualTo(8_062_504 + simplified + transitions);
        long resNet20 = 272_474 + 2 * 784;
        assertThat(parameters(PooledZoo.dppResNet().depth(20))).isEqualTo(resNet20 + 2 * (32 + 64));
        long convolutions = 2_688 + 83_040 + 166_080 + 2 * 331_968 + 37_056 + 1_930;
        assertThat(parameters(PooledZoo.treeGatedCnn())).isEqualTo(convolutions + 7 * 9 + 9);
    }

    private static long logitBottleneck(long channels) {
        return 128 * channels + 9 * 128 * 128 + 128 * channels + 2 * (128 + 128 + channels);
    }

    @Test
    void mapsHaveThePapersSizes() {
        assertThat(shape(PooledZoo.googLeNet(), "3a")).isEqualTo("256x28x28");
        assertThat(shape(PooledZoo.googLeNet(), "5b")).isEqualTo("1024x7x7");
        assertThat(shape(PooledZoo.mobileNetV2(), "last-relu6")).isEqualTo("1280x7x7");
        assertThat(shape(PooledZoo.lipResNet(), "stage4-block3-relu")).isEqualTo("2048x7x7");
        assertThat(shape(PooledZoo.lipDenseNet(), "last-relu")).isEqualTo("1024x7x7");
        assertThat(shape(PooledZoo.softPoolResNet(), "stage4-block3-relu")).isEqualTo("2048x7x7");
        assertThat(shape(PooledZoo.dppResNet(), "stage3-block18-relu")).isEqualTo("64x8x8");
        assertThat(shape(PooledZoo.treeGatedCnn(), "conv7")).isEqualTo("10x8x8");
        assertThat(shape(PooledZoo.networkInNetwork(), "mlp3-cccp2")).isEqualTo("10x8x8");
        assertThat(shape(PooledZoo.stochasticPoolingNet(), "norm3")).isEqualTo("64x4x4");
        assertThat(shape(PooledZoo.sppNet(), "conv5")).isEqualTo("256x14x14");
        assertThat(shape(PooledZoo.regionNet(), "regions")).isEqualTo("128x7x7");
    }

    @Test
    void smallImagesKeepTheirMaps() {
        assertThat(shape(PooledZoo.googLeNet().images32(), "5b")).isEqualTo("1024x8x8");
        assertThat(shape(PooledZoo.googLeNet().images28(), "5b")).isEqualTo("1024x7x7");
        assertThat(shape(PooledZoo.mobileNetV2().images32(), "last-relu6")).isEqualTo("1280x4x4");
        assertThat(shape(PooledZoo.lipResNet().images32(), "stage4-block3-relu")).isEqualTo("2048x4x4");
        assertThat(shape(PooledZoo.lipDenseNet().images32(), "last-relu")).isEqualTo("1024x4x4");
        assertThat(shape(PooledZoo.softPoolResNet().images28(), "stage1-block1-relu")).isEqualTo("256x14x14");
        assertThat(shape(PooledZoo.sppNet().images28(), "conv5")).isEqualTo("256x7x7");
    }

    private static long vertices(GraphModel.Builder<?> builder, Class<?> type) {
        return configuration(builder).getVertices().values().stream().filter(type::isInstance).count();
    }

    @Test
    void shortcutsAreThere() {
        assertThat(vertices(PooledZoo.mobileNetV2(), ElementWiseVertex.class)).isEqualTo(1 + 2 + 3 + 2 + 2);
        assertThat(vertices(PooledZoo.lipResNet(), ElementWiseVertex.class)).isEqualTo(3 + 4 + 6 + 3);
        assertThat(vertices(PooledZoo.dppResNet().depth(20), ElementWiseVertex.class)).isEqualTo(3 * 3);
        assertThat(vertices(PooledZoo.lipDenseNet(), MergeVertex.class)).isEqualTo(6 + 12 + 24 + 16);
        assertThat(vertices(PooledZoo.googLeNet(), MergeVertex.class)).isEqualTo(9);
    }

    @Test
    void residualBlocksStartAsTheIdentity() {
        ComputationGraphConfiguration soft = configuration(PooledZoo.softPoolResNet());
        assertThat(((BatchNormalization) layer(soft, "stage2-block1-conv3-bn")).getGamma()).isZero();
        assertThat(((BatchNormalization) layer(soft, "stage2-block1-conv2-bn")).getGamma()).isEqualTo(1);
        assertThat(((BatchNormalization) layer(soft, "stage2-block1-shortcut-bn")).getGamma()).isEqualTo(1);
    }

    @TestFactory
    Stream<DynamicTest> presetsForSmallImagesRun() {
        return PooledZoo.names().stream()
                .filter(name -> PooledZoo.named(name) instanceof GraphModel.Builder && !name.equals("region-net"))
                .flatMap(name -> Stream.of(28, 32).map(size -> DynamicTest.dynamicTest(name + " " + size, () -> {
                    GraphModel.Builder<?> builder = ((GraphModel.Builder<?>) PooledZoo.named(name)).width(0.125);
                    GraphModel model = (GraphModel) (size == 28 ? builder.images28() : builder.images32()).build();
                    assertThat(model.inputShape()).containsExactly(size == 28 ? 1 : 3, size, size);
                    ComputationGraph network = model.init();
                    INDArray output =
                            network.outputSingle(Nd4j.rand(DataType.FLOAT, 2, size == 28 ? 1 : 3, size, size));
                    assertThat(output.shape()).containsExactly(2, 10);
                    assertThat(output.sum(1).toDoubleVector()).containsExactly(new double[] {1, 1}, within(1e-5));
                    network.close();
                })));
    }

    @Test
    void poolingsAreThePapers() {
        ComputationGraphConfiguration lip = configuration(PooledZoo.lipResNet().depth(101));
        assertThat(((LipPooling) layer(lip, "stem-pool")).getLogitNetwork()).isEqualTo(LogitNetwork.SIMPLIFIED);
        LipPooling pool = (LipPooling) layer(lip, "stage3-block1-pool");
        assertThat(pool.getLogitNetwork()).isEqualTo(LogitNetwork.BOTTLENECK);
        assertThat(pool.getBottleneck()).isEqualTo(128);
        assertThat(pool.getKernelSize()).containsExactly(3, 3);
        assertThat(lip.getVertices()).containsKeys("stage4-block1-shortcut-pool", "stage3-block23")
                .doesNotContainKey("stage3-block24");
        LipPooling transition = (LipPooling) layer(configuration(PooledZoo.lipDenseNet()), "transition3-pool");
        assertThat(transition.getKernelSize()).containsExactly(2, 2);
        SoftPooling soft = (SoftPooling) layer(configuration(PooledZoo.softPoolResNet()), "stem-pool");
        assertThat(soft.getKernelSize()).containsExactly(2, 2);
        assertThat(layer(configuration(PooledZoo.dppResNet()), "stage2-pool")).isInstanceOf(DppPooling.class);
    }

    @Test
    void widthScalesChannels() {
        assertThat(shape(PooledZoo.mobileNetV2().width(0.5), "last-relu6")).isEqualTo("640x7x7");
        assertThat(shape(PooledZoo.dppResNet().width(0.1), "stage3-block18-relu")).isEqualTo("8x8x8");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.mobileNetV2().width(0))
                .withMessage("width must be above 0, got 0.0");
        assertThatIllegalArgumentException().isThrownBy(() -> PooledZoo.mobileNetV2().width(Double.NaN));
    }

    @Test
    void depthsThatThereAreNotAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.lipResNet().depth(18))
                .withMessage("depth must be 50 or 101, got 18");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.softPoolResNet().depth(20))
                .withMessage("depth must be 18, 34, 50, 101 or 152, got 20");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.dppResNet().depth(9))
                .withMessage("depth must be 6n+2 with n of 1 and more, got 9");
        assertThatIllegalArgumentException().isThrownBy(() -> PooledZoo.dppResNet().depth(2));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.sppNet().pyramid(2, 0))
                .withMessage("levels of the pyramid must be at least 1, got [2, 0]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.regionNet().grid(0))
                .withMessage("grid must be at least 1, got 0");
    }

    private static INDArray oneHot(int... classes) {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, classes.length, 3);
        for (int i = 0; i < classes.length; i++) {
            labels.putScalar(i, classes[i], 1);
        }
        return labels;
    }

    /** One network, three sizes: trained on two, tried on the third. */
    @Test
    void sppNetTakesImagesOfAnySize() {
        ComputationGraph network = PooledZoo.sppNet()
                .inputShape(1, 40, 40)
                .numClasses(3)
                .width(0.125)
                .pyramid(3, 1)
                .build()
                .init();
        for (int[] size : new int[][] {{40, 40}, {28, 61}, {40, 40}, {28, 61}}) {
            INDArray x = Nd4j.rand(DataType.FLOAT, 3, 1, size[0], size[1]);
            network.fit(new INDArray[] {x}, new INDArray[] {oneHot(0, 1, 2)});
            assertThat(network.score()).isFinite();
        }
        INDArray output = network.outputSingle(Nd4j.rand(DataType.FLOAT, 2, 1, 33, 47));
        assertThat(output.shape()).containsExactly(2, 3);
        assertThat(output.sum(1).toDoubleVector()).containsExactly(new double[] {1, 1}, within(1e-5));
    }

    /** Squares, crosses and nothing, two boxes in each of two images: learnt by heart, which takes the whole chain. */
    @ParameterizedTest
    @EnumSource(RegionNet.Regions.class)
    void regionNetLearnsRegions(RegionNet.Regions regions) {
        ComputationGraph network = PooledZoo.regionNet()
                .inputShape(1, 16, 16)
                .numClasses(3)
                .regions(regions)
                .grid(3)
                .width(0.25)
                .build()
                .init();
        INDArray images = Nd4j.zeros(DataType.FLOAT, 2, 1, 16, 16);
        for (int i = 1; i < 7; i++) {
            for (int j = 1; j < 7; j++) {
                images.putScalar(new int[] {0, 0, i, j}, 1);
            }
            images.putScalar(new int[] {1, 0, 9 + i, 9 + i}, 1);
            images.putScalar(new int[] {1, 0, 9 + i, 16 - i}, 1);
        }
        INDArray boxes = Nd4j.createFromArray(new float[][] {
            {0, 1, 1, 7, 7}, {0, 9, 9, 15, 15}, {1, 10, 10, 16, 16}, {1, 1, 1, 7, 7}});
        INDArray labels = oneHot(0, 2, 1, 2);
        MultiDataSet data = new MultiDataSet(new INDArray[] {images, boxes}, new INDArray[] {labels});
        INDArray firstWeights = network.getParam("conv1a_W").dup();
        for (int i = 0; i < 60; i++) {
            network.fit(data);
        }
        assertThat(network.score()).isLessThan(0.1);
        assertThat(network.getParam("conv1a_W").distance2(firstWeights)).isPositive();
        if (regions == RegionNet.Regions.DEFORMABLE) {
            assertThat(network.getParam("offset-numbers_W").norm2Number().doubleValue()).isPositive();
        }
        assertThat(network.output(images, boxes)[0].argMax(1).toIntVector()).containsExactly(0, 2, 1, 2);
    }

    @Test
    void poolingReplacesThePapers() {
        GraphModel model = PooledZoo.lipDenseNet().pooling(Pooling.average()).build();
        assertThat(model.swapReport().orElseThrow().swapped())
                .extracting(entry -> entry.name() + " " + entry.after())
                .containsExactly("stem-pool average", "transition1-pool average", "transition2-pool average",
                        "transition3-pool average");
        GraphModel mobile = PooledZoo.mobileNetV2().pooling(Pooling.soft()).build();
        assertThat(mobile.swapReport().orElseThrow().swapped())
                .extracting(entry -> entry.name() + " " + entry.before())
                .containsExactly("stem strided convolution", "block2-depthwise strided convolution",
                        "block4-depthwise strided convolution", "block7-depthwise strided convolution",
                        "block14-depthwise strided convolution");
    }

    @ParameterizedTest
    @ValueSource(strings = {"3", "3 0 5", "-1 2 2"})
    void shapesThatAreNoneAreRefused(String numbers) {
        int[] shape = Arrays.stream(numbers.split(" ")).mapToInt(Integer::parseInt).toArray();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.googLeNet().inputShape(shape))
                .withMessageContaining("inputShape must be channels, height and width");
    }
}
