// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

class LabelledImageIteratorTest {
    private static final int SIZE = 23;

    /** Image i has the single pixel i. */
    private final LabelledImages images = numbered();

    private static LabelledImages numbered() {
        byte[] pixels = new byte[SIZE];
        int[] labels = new int[SIZE];
        for (int i = 0; i < SIZE; i++) {
            pixels[i] = (byte) i;
            labels[i] = i % 3;
        }
        return LabelledImages.of(pixels, labels, List.of("a", "b", "c"), 1, 1, 1);
    }

    private static int[] visited(DataSet batch) {
        float[] pixels = batch.getFeatures().ravel().toFloatVector();
        return IntStream.range(0, pixels.length).map(i -> Math.round(pixels[i] * 255)).toArray();
    }

    private static int[] visited(DataSetIterator iterator) {
        IntStream all = IntStream.empty();
        while (iterator.hasNext()) {
            all = IntStream.concat(all, IntStream.of(visited(iterator.next())));
        }
        return all.toArray();
    }

    @Test
    void unshuffledKeepsTheOrderInEveryEpoch() {
        LabelledImageIterator iterator = images.batches(5);
        int[] natural = IntStream.range(0, SIZE).toArray();
        assertThat(visited(iterator)).containsExactly(natural);
        iterator.reset();
        assertThat(visited(iterator)).containsExactly(natural);
    }

    @Test
    void batchesHaveTheAskedSizeAndTheRestComesLast() {
        LabelledImageIterator iterator = images.shuffledBatches(10, 1);
        List<Integer> sizes = new ArrayList<>();
        while (iterator.hasNext()) {
            sizes.add(iterator.next().numExamples());
        }
        assertThat(sizes).containsExactly(10, 10, 3);
        assertThatThrownBy(iterator::next).isInstanceOf(NoSuchElementException.class);
        iterator.reset();
        assertThat(iterator.next(7).numExamples()).isEqualTo(7);
        assertThat(iterator.next(Integer.MAX_VALUE).numExamples()).isEqualTo(16);
    }

    @Test
    void orderIsAPermutationThatDependsOnSeedAndEpochAlone() {
        int[] order = LabelledImageIterator.order(SIZE, 42, 0);
        assertThat(order).containsExactlyInAnyOrder(IntStream.range(0, SIZE).toArray());
        assertThat(LabelledImageIterator.order(SIZE, 42, 0)).containsExactly(order);
        assertThat(LabelledImageIterator.order(SIZE, 43, 0)).isNotEqualTo(order);
        assertThat(LabelledImageIterator.order(SIZE, 42, 1)).isNotEqualTo(order);
        assertThat(LabelledImageIterator.order(SIZE, 42L << 32, 0)).isNotEqualTo(order);
        assertThat(visited(images.shuffledBatches(4, 42))).containsExactly(order);
        assertThat(visited(images.shuffledBatches(9, 42))).containsExactly(order);
        // Known values: an order of today must be the order of tomorrow, or results cannot be repeated.
        assertThat(LabelledImageIterator.order(8, 42, 0)).containsExactly(4, 2, 5, 3, 7, 0, 6, 1);
    }

    @Test
    void resetGoesToTheNextEpochOnceAndStartEpochToAny() {
        LabelledImageIterator iterator = images.shuffledBatches(4, 7);
        iterator.reset();
        assertThat(iterator.epoch()).isZero();
        iterator.next();
        iterator.reset();
        iterator.reset();
        assertThat(iterator.epoch()).isEqualTo(1);
        assertThat(visited(iterator)).containsExactly(LabelledImageIterator.order(SIZE, 7, 1));
        iterator.startEpoch(0);
        assertThat(visited(iterator)).containsExactly(LabelledImageIterator.order(SIZE, 7, 0));
    }

    @Test
    void fitAndEvaluateOfANetworkVisitTheOrdersOfSuccessiveEpochs() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new OutputLayer.Builder().nOut(3).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(1, 1, 1))
                .build());
        network.init();
        ComputationGraph graph = network.toComputationGraph();

        assertThat(visitedIn(iterator -> network.fit(iterator, 3))).containsExactly(epochs(3));
        assertThat(visitedIn(iterator -> graph.fit(iterator, 3))).containsExactly(epochs(3));
        assertThat(visitedIn(iterator -> {
            network.fit(iterator);
            network.fit(iterator);
        }))
                .containsExactly(epochs(2));
        assertThat(visitedIn(iterator -> {
            graph.evaluate(iterator);
            graph.evaluate(iterator);
        }))
                .containsExactly(epochs(2));
        assertThat(network.evaluate(images.batches(4)).getNumRowCounter()).isEqualTo(SIZE);
    }

    private int[] visitedIn(Consumer<DataSetIterator> use) {
        LabelledImageIterator iterator = images.shuffledBatches(4, 7);
        List<Integer> seen = new ArrayList<>();
        iterator.setPreProcessor(batch -> {
            for (int image : visited((DataSet) batch)) {
                seen.add(image);
            }
        });
        use.accept(iterator);
        return seen.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] epochs(int count) {
        return IntStream.range(0, count)
                .flatMap(epoch -> IntStream.of(LabelledImageIterator.order(SIZE, 7, epoch)))
                .toArray();
    }

    @Test
    void describesItself() {
        LabelledImageIterator iterator = TestImages.random(6, 2, 3, 4, 5).batches(4);
        assertThat(iterator.batch()).isEqualTo(4);
        assertThat(iterator.inputColumns()).isEqualTo(60);
        assertThat(iterator.totalOutcomes()).isEqualTo(2);
        assertThat(iterator.getLabels()).containsExactly("0", "1");
        assertThat(iterator.resetSupported()).isTrue();
        assertThat(iterator.asyncSupported()).isFalse();
        assertThat(iterator.getPreProcessor()).isNull();
    }

    @Test
    void badArgumentsAreNamed() {
        assertThatThrownBy(() -> images.batches(0)).hasMessage("batchSize is 0, expected at least 1");
        LabelledImageIterator iterator = images.batches(1);
        assertThatThrownBy(() -> iterator.next(0)).hasMessage("num is 0, expected at least 1");
        assertThatThrownBy(() -> iterator.startEpoch(-1)).hasMessage("epoch is -1, expected at least 0");
    }
}
