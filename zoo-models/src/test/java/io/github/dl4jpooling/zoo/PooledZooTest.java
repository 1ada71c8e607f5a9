// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.layers.conf.SoftPooling;
import io.github.dl4jpooling.zoo.model.HostModel;
import io.github.dl4jpooling.zoo.model.ModelBuilder;
import io.github.dl4jpooling.zoo.model.PooledModel;
import io.github.dl4jpooling.zoo.swap.Pooling;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.zoo.PretrainedType;
import org.deeplearning4j.zoo.ZooModel;
import org.deeplearning4j.zoo.model.LeNet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class PooledZooTest {

    private static Layer layer(ComputationGraph network, String name) {
        return ((LayerVertex) network.getConfiguration().getVertices().get(name)).getLayerConf().getLayer();
    }

    /** One example of class 0, one of class 1. */
    private static INDArray labels(int classes) {
        INDArray labels = Nd4j.zeros(DataType.FLOAT, 2, classes);
        labels.putScalar(0, 0, 1);
        return labels.putScalar(1, 1, 1);
    }

    @Test
    void withoutPoolingLeNetIsDl4js() {
        MultiLayerNetwork theirs =
                (MultiLayerNetwork) LeNet.builder().numClasses(10).build().init();
        MultiLayerNetwork ours = PooledZoo.leNet().build().init();
        assertThat(ours.getLayerWiseConfigurations().toJson())
                .isEqualTo(theirs.getLayerWiseConfigurations().toJson());
        assertThat(ours.params()).isEqualTo(theirs.params());
    }

    @Test
    void settingsReachTheNetwork() {
        HostModel<MultiLayerNetwork> model = PooledZoo.leNet()
                .numClasses(4)
                .inputShape(3, 20, 20)
                .seed(5)
                .updater(new Sgd(0.25))
                .pooling(Pooling.soft())
                .poolingWhere(site -> site.name().equals("maxpool2"))
                .build();
        MultiLayerNetwork network = model.init();
        assertThat(network.output(Nd4j.rand(DataType.FLOAT, 2, 3, 20, 20)).shape()).containsExactly(2, 4);
        assertThat(network.getLayerWiseConfigurations().getConf(0).getSeed()).isEqualTo(5);
        network.getLayerWiseConfigurations().getConfs().stream()
                .map(conf -> conf.getLayer())
                .filter(BaseLayer.class::isInstance)
                .forEach(layer -> assertThat(((BaseLayer) layer).getIUpdater()).isEqualTo(new Sgd(0.25)));
        assertThat(network.getLayer("maxpool1").conf().getLayer()).isNotInstanceOf(SoftPooling.class);
        assertThat(network.getLayer("maxpool2").conf().getLayer()).isInstanceOf(SoftPooling.class);
        assertThat(model.swapReport().orElseThrow().swapped()).hasSize(1);
        assertThat(PooledZoo.leNet().build().swapReport()).isEmpty();
        assertThat(model.numClasses()).isEqualTo(4);
        assertThat(model.inputShape()).containsExactly(3, 20, 20);
    }

    @Test
    void modelsAreZooModels() {
        ZooModel<?> lenet = PooledZoo.leNet().pooling(Pooling.soft()).build();
        assertThat(lenet.modelName()).isEqualTo("lenet");
        assertThat(lenet.modelType()).isEqualTo(MultiLayerNetwork.class);
        assertThat(lenet.pretrainedAvailable(PretrainedType.MNIST)).isTrue();
        assertThat(lenet.pretrainedAvailable(PretrainedType.IMAGENET)).isFalse();
        ZooModel<?> ours = PooledZoo.googLeNet().build();
        assertThat(ours.modelName()).isEqualTo("googlenet");
        assertThat(ours.modelType()).isEqualTo(ComputationGraph.class);
        assertThat(ours.pretrainedAvailable(PretrainedType.IMAGENET)).isFalse();
        lenet.setInputShape(new int[][] {{1, 16, 16}});
        MultiLayerNetwork network = lenet.init();
        assertThat(network.output(Nd4j.rand(DataType.FLOAT, 1, 1, 16, 16)).shape()).containsExactly(1, 10);
    }

    @Test
    void simpleCnnCanBeTrained() {
        MultiLayerNetwork network =
                PooledZoo.simpleCnn().inputShape(3, 32, 32).numClasses(3).build().init();
        Layer last = network.getLayerWiseConfigurations()
                .getConf(network.getnLayers() - 1)
                .getLayer();
        assertThat(last).isInstanceOf(LossLayer.class);
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32);
        assertThat(network.output(x).sum(1).getDouble(0)).isCloseTo(1, within(1e-5));
        network.fit(x, labels(3));
        assertThat(network.score()).isFinite().isPositive();
    }

    /** The example of the documentation, on small images. */
    @Test
    @Tag("long")
    void resNet50AveragesAndLearns() {
        ComputationGraph network = PooledZoo.resNet50()
                .inputShape(3, 32, 32)
                .pooling(Pooling.soft())
                .numClasses(10)
                .build()
                .init();
        GlobalPoolingLayer last = (GlobalPoolingLayer) layer(network, "avgpool");
        assertThat(last.getPoolingType()).isEqualTo(PoolingType.AVG);
        assertThat(layer(network, "stem-maxpool1")).isInstanceOf(SoftPooling.class);
        assertThat(((BaseLayer) layer(network, "stem-cnn1")).getIUpdater()).isEqualTo(new Adam(1e-3));
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3, 32, 32);
        assertThat(network.outputSingle(x).isNaN().any()).isFalse();
        INDArray[] inputs = {x};
        INDArray[] labels = {labels(10)};
        network.fit(inputs, labels);
        double first = network.score();
        for (int i = 0; i < 5; i++) {
            network.fit(inputs, labels);
        }
        assertThat(network.score()).isLessThan(first);
    }

    @Test
    @Tag("long")
    void stridesOfConvolutionsOnDemand() {
        PooledModel<ComputationGraph> model = PooledZoo.resNet50()
                .inputShape(3, 64, 64)
                .numClasses(3)
                .pooling(Pooling.soft())
                .withStridedConvolutions()
                .build();
        ComputationGraph network = model.init();
        assertThat(model.swapReport().orElseThrow().swapped())
                .filteredOn(entry -> entry.site().isStridedConvolution())
                .extracting(entry -> entry.name())
                .contains("stem-cnn1", "res3a_branch2a", "res5a_branch1");
        assertThat(((ConvolutionLayer) layer(network, "stem-cnn1")).getStride()).containsExactly(1, 1);
        assertThat(network.outputSingle(Nd4j.rand(DataType.FLOAT, 1, 3, 64, 64)).shape()).containsExactly(1, 3);
    }

    @Test
    void modelsAreFoundByName() {
        assertThat(PooledZoo.names()).hasSize(26).contains("resnet50", "lip-resnet101").doesNotHaveDuplicates();
        for (String name : PooledZoo.names()) {
            ModelBuilder<?> builder = PooledZoo.named(name);
            assertThat(builder).isNotSameAs(PooledZoo.named(name));
            assertThat(builder.build()).isInstanceOf(PooledModel.class);
        }
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.named("nasnet"))
                .withMessageStartingWith("model \"nasnet\" is unknown, expected lenet, simplecnn");
    }

    @Test
    void badSettingsAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.leNet().numClasses(0))
                .withMessage("numClasses must be at least 1, got 0");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.leNet().inputShape(28, 28))
                .withMessage("inputShape must be channels, height and width, each at least 1, got [28, 28]");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.uNet().numClasses(2).build().init())
                .withMessage("DL4J's UNet has one output channel, numClasses must be 1, got 2");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PooledZoo.leNet().pooling(Pooling.soft()).poolingWhere(site -> false).build().init())
                .withMessageContaining("no layer to swap to soft pooling; the pooling layers are maxpool1");
    }
}
