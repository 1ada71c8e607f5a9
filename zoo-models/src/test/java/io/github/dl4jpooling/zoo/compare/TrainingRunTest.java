// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import io.github.dl4jpooling.zoo.swap.Pooling;
import io.github.dl4jpooling.zoo.swap.PoolingSite;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TrainingRunTest {
    private static final Protocol PROTOCOL =
            new Protocol(ImageDatasets.EMBEDDED, "tiny", List.of("max", "soft"), 1, 2, 120, 50, 32);
    private static ImageDataset images;

    @BeforeAll
    static void load() throws IOException {
        images = ImageDatasets.load(PROTOCOL.data()).take(PROTOCOL.trainImages(), PROTOCOL.testImages());
    }

    @ParameterizedTest
    @EnumSource(ComparedModel.class)
    void poolingsOfASeedStartWithTheSameWeights(ComparedModel model) {
        INDArray max = weights(model, "max", 5);
        assertThat(weights(model, "soft", 5)).isEqualTo(max);
        assertThat(weights(model, "average", 5)).isEqualTo(max);
        assertThat(weights(model, "max", 6)).isNotEqualTo(max);
    }

    private static INDArray weights(ComparedModel model, String pooling, int seed) {
        return PooledNetworks.create(model, images.train(), new TrainingJob(pooling, seed)).params();
    }

    @ParameterizedTest
    @EnumSource(ComparedModel.class)
    void modelsDescribeThemselvesRightAndPoolTwice(ComparedModel model) {
        assertThat(ComparedModel.named(model.modelName())).isSameAs(model);
        assertThat(PooledNetworks.pooledLayers(model, images.train(), "soft")).hasSize(2)
                .allSatisfy(site -> assertThat(site.pooling()).isEqualTo("max"));
    }

    @Test
    void equalSeedsGiveEqualResults() {
        AtomicInteger epochs = new AtomicInteger();
        TrainingRun first = new TrainingRun(PROTOCOL, images, new TrainingJob("soft", 3));
        RunResult result = first.train(epochs::incrementAndGet);
        TrainingRun second = new TrainingRun(PROTOCOL, images, new TrainingJob("soft", 3));
        second.train(epochs::incrementAndGet);
        assertThat(epochs).hasValue(4);
        assertThat(second.network().params()).isEqualTo(first.network().params());
        assertThat(result.pooling()).isEqualTo("soft");
        assertThat(result.seed()).isEqualTo(3);
        assertThat(result.epochs()).hasSize(2);
    }

    /** Against DL4J's own evaluation. */
    @Test
    void accuracyAndLossOfTheTestImages() {
        TrainingRun run = new TrainingRun(PROTOCOL, images, new TrainingJob("max", 1));
        RunResult result = run.train(() -> {});
        MultiLayerNetwork network = run.network();
        assertThat(result.accuracy()).isEqualTo(network.evaluate(images.test().batches(50)).accuracy());
        double score = network.score(images.test().batches(50).next(), false);
        assertThat(result.epochs().get(1).testLoss()).isCloseTo(score, within(1e-4));
    }

    @Test
    void featureMapsAreTheLayersInputAndOutput() {
        MultiLayerNetwork network =
                PooledNetworks.create(ComparedModel.TINY, images.train(), new TrainingJob("max", 1));
        List<PoolingSite> layers = PooledNetworks.pooledLayers(ComparedModel.TINY, images.train(), "soft");
        List<FeatureMaps> maps = FeatureMaps.of(network, layers, images.test().batch(0).getFeatures());
        assertThat(maps).extracting(FeatureMaps::layer).containsExactly("pool1", "pool2");
        float[][] before = maps.get(0).before()[3];
        float[][] after = maps.get(0).after()[3];
        assertThat(before).hasDimensions(28, 28);
        assertThat(after).hasDimensions(14, 14);
        for (int y = 0; y < 14; y++) {
            for (int x = 0; x < 14; x++) {
                assertThat(after[y][x]).isEqualTo(Math.max(Math.max(before[2 * y][2 * x], before[2 * y][2 * x + 1]),
                        Math.max(before[2 * y + 1][2 * x], before[2 * y + 1][2 * x + 1])));
            }
        }
        assertThat(Nd4j.create(maps.get(1).after()[0]).shape()).containsExactly(7, 7);
    }

    @Test
    void smallImagesAreRefused() {
        LabelledImages small = LabelledImages.of(new byte[2 * 25], new int[] {0, 1}, List.of("a", "b"), 1, 5, 5);
        assertThatThrownBy(() -> ComparedModel.TINY.requireFits(small)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 x 8").hasMessageContaining("5 x 5");
    }

    @ParameterizedTest
    @EnumSource(ComparedModel.class)
    void everyPoolingCanBeCompared(ComparedModel model) {
        LabelledImages two = images.train().take(2);
        for (String pooling : Pooling.names()) {
            assertThat(PooledNetworks.pooledLayers(model, two, pooling)).as(pooling).hasSize(2);
            MultiLayerNetwork network = PooledNetworks.create(model, two, new TrainingJob(pooling, 1));
            INDArray x = Nd4j.rand(2, two.channels(), two.height(), two.width());
            assertThat(network.output(x).shape()).as(pooling).containsExactly(2, two.classNames().size());
        }
    }
}
