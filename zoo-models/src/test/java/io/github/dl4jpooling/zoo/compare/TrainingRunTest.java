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
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class TrainingRunTest {
    private static final Protocol PROTOCOL =
            new Protocol(ImageDatasets.EMBEDDED, "tiny", List.of("max", "soft"), 1, 2, 120, 50, 32, false);
    private static ImageDataset images;

    @BeforeAll
    static void load() throws IOException {
        images = ImageDatasets.load(PROTOCOL.data()).take(PROTOCOL.trainImages(), PROTOCOL.testImages());
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "lenet", "nin"})
    void poolingsOfASeedStartWithTheSameWeights(String model) {
        INDArray max = weights(model, "max", 5);
        assertThat(weights(model, "soft", 5)).isEqualTo(max);
        assertThat(weights(model, "average", 5)).isEqualTo(max);
        assertThat(weights(model, "max", 6)).isNotEqualTo(max);
    }

    private static INDArray weights(String model, String pooling, int seed) {
        return ComparedNetwork.create(ComparedModel.named(model), images.train(), new TrainingJob(pooling, seed))
                .parameters();
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "lenet", "nin", "mobilenetv2"})
    void modelsPoolAndAreKnownByTheirNames(String model) {
        assertThat(ComparedModel.named(model).modelName()).isEqualTo(model);
        assertThat(sites(model, images.train(), "soft")).hasSizeGreaterThanOrEqualTo(2);
    }

    private static List<PoolingSite> sites(String model, LabelledImages images, String... poolings) {
        return ComparedNetwork.pooledSites(ComparedModel.named(model), images, List.of(poolings));
    }

    @Test
    void modelsThatDoNotClassifyImagesAreNotOffered() {
        assertThat(ComparedModel.names()).contains("tiny", "lenet", "resnet50", "lip-resnet50", "spp-net")
                .doesNotContain("unet", "tinyyolo", "yolo2", "region-net");
    }

    /** SqueezeNet's poolings leave nothing of 8 pixels. */
    @Test
    void imagesThatAModelCannotTakeAreNamed() {
        LabelledImages small = LabelledImages.of(new byte[2 * 64], new int[] {0, 1}, List.of("a", "b"), 1, 8, 8);
        assertThatThrownBy(() -> sites("squeezenet", small, "soft")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("model squeezenet does not fit images of 1 x 8 x 8");
    }

    @Test
    void graphsAreTrainedToo(@TempDir Path folder) throws IOException {
        Protocol protocol = new Protocol(ImageDatasets.EMBEDDED, "nin", List.of("soft"), 1, 1, 20, 10, 10, false);
        TrainingRun run = new TrainingRun(protocol, protocol.images(ImageDatasets.load(protocol.data())),
                new TrainingJob("soft", 1));
        RunResult result = run.train(() -> {});
        assertThat(result.epochs().get(0).trainLoss()).isPositive().isFinite();
        File file = folder.resolve("network.zip").toFile();
        run.network().save(file);
        assertThat(run.network().isGraph()).isTrue();
        ComparedNetwork copy = ComparedNetwork.load(file, true);
        assertThat(copy.parameters()).isEqualTo(run.network().parameters());
        List<FeatureMaps> maps = copy.featureMaps(sites("nin", images.train(), "soft"),
                images.test().batch(0).getFeatures());
        assertThat(maps).extracting(FeatureMaps::layer).containsExactly("pool1", "pool2");
        assertThat(maps.get(0).before()[0]).hasDimensions(28, 28);
        assertThat(maps.get(0).after()[0].length).isLessThan(28);
    }

    @Test
    void equalSeedsGiveEqualResults() {
        AtomicInteger epochs = new AtomicInteger();
        TrainingRun first = new TrainingRun(PROTOCOL, images, new TrainingJob("soft", 3));
        RunResult result = first.train(epochs::incrementAndGet);
        TrainingRun second = new TrainingRun(PROTOCOL, images, new TrainingJob("soft", 3));
        second.train(epochs::incrementAndGet);
        assertThat(epochs).hasValue(4);
        assertThat(second.network().parameters()).isEqualTo(first.network().parameters());
        assertThat(result.pooling()).isEqualTo("soft");
        assertThat(result.seed()).isEqualTo(3);
        assertThat(result.epochs()).hasSize(2);
    }

    /** Against DL4J's own evaluation. */
    @Test
    void accuracyAndLossOfTheTestImages(@TempDir Path folder) throws IOException {
        TrainingRun run = new TrainingRun(PROTOCOL, images, new TrainingJob("max", 1));
        RunResult result = run.train(() -> {});
        File file = folder.resolve("network.zip").toFile();
        run.network().save(file);
        MultiLayerNetwork network = MultiLayerNetwork.load(file, false);
        assertThat(result.accuracy()).isEqualTo(network.evaluate(images.test().batches(50)).accuracy());
        double score = network.score(images.test().batches(50).next(), false);
        assertThat(result.epochs().get(1).testLoss()).isCloseTo(score, within(1e-4));
    }

    @Test
    void featureMapsAreTheLayersInputAndOutput() {
        ComparedNetwork network = ComparedNetwork.create(
                ComparedModel.named("tiny"), images.train(), new TrainingJob("max", 1));
        List<FeatureMaps> maps = network.featureMaps(sites("tiny", images.train(), "soft"),
                images.test().batch(0).getFeatures());
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
        assertThatThrownBy(() -> sites("tiny", small, "max")).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("8 x 8").hasMessageContaining("5 x 5");
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny", "lenet"})
    void everyPoolingCanBeCompared(String model) {
        LabelledImages two = images.train().take(2);
        assertThat(sites(model, two, Pooling.names().toArray(new String[0]))).hasSize(2)
                .allSatisfy(site -> assertThat(site.pooling()).isEqualTo("max"));
        for (String pooling : Pooling.names()) {
            ComparedNetwork network =
                    ComparedNetwork.create(ComparedModel.named(model), two, new TrainingJob(pooling, 1));
            INDArray x = Nd4j.rand(2, two.channels(), two.height(), two.width());
            assertThat(network.output(x).shape()).as(pooling).containsExactly(2, two.classNames().size());
        }
    }

    /** Every fifth image of a class; nothing of the test images. */
    @Test
    void validationImagesComeFromTheTrainingImages() throws IOException {
        ImageDataset all = ImageDatasets.load(ImageDatasets.EMBEDDED);
        ImageDataset split = Protocol.split(all);
        assertThat(split.train().classCounts()).containsOnly(800);
        assertThat(split.test().classCounts()).containsOnly(200);
        Protocol protocol = new Protocol(ImageDatasets.EMBEDDED, "tiny", List.of("max"), 1, 1, 100, 50, 10, true);
        assertThat(protocol.images(all).test().size()).isEqualTo(50);
        LabelledImages firstClass = all.train();
        int fifth = IntStream.range(0, firstClass.size()).filter(i -> firstClass.label(i) == 0).skip(4).findFirst()
                .getAsInt();
        int first = IntStream.range(0, split.test().size()).filter(i -> split.test().label(i) == 0).findFirst()
                .getAsInt();
        assertThat(split.test().pixels(first)).isEqualTo(firstClass.pixels(fifth));
    }
}
