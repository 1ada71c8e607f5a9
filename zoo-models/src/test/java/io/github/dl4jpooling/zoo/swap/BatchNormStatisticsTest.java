// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.zoo.data.ImageDataset;
import io.github.dl4jpooling.zoo.data.ImageDatasets;
import io.github.dl4jpooling.zoo.data.LabelledImages;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class BatchNormStatisticsTest {
    private static final int[] SIZES = {7, 4, 1};

    /** Batches of several sizes. */
    private static DataSetIterator batches(INDArray... features) {
        List<DataSet> sets = Arrays.stream(features)
                .map(x -> new DataSet(x, TestNetworks.labels((int) x.size(0), TestNetworks.CLASSES)))
                .collect(Collectors.toList());
        return new ListDataSetIterator<>(sets, 1) {
            private int next;

            @Override
            public boolean hasNext() {
                return next < sets.size();
            }

            @Override
            public DataSet next() {
                return sets.get(next++);
            }

            @Override
            public void reset() {
                next = 0;
            }
        };
    }

    private static INDArray[] images() {
        return Arrays.stream(SIZES).mapToObj(n -> TestNetworks.features(n, 2, 12, 12)).toArray(INDArray[]::new);
    }

    private static ConvolutionLayer convolution(int nOut) {
        return new ConvolutionLayer.Builder(3, 3).nOut(nOut).convolutionMode(ConvolutionMode.Same).build();
    }

    private static MultiLayerNetwork network(boolean logarithm) {
        return TestNetworks.network(
                InputType.convolutional(12, 12, 2),
                convolution(4),
                new BatchNormalization.Builder().useLogStd(logarithm).build(),
                TestNetworks.max(2, 2),
                new FrozenLayer(new BatchNormalization.Builder().useLogStd(logarithm).build()),
                new DenseLayer.Builder().nOut(5).build(),
                new BatchNormalization.Builder().useLogStd(logarithm).build());
    }

    /** Of what reaches the layer now, all examples at once. */
    private static void assertStatistics(INDArray input, Map<String, INDArray> parameters) {
        int[] axes = input.rank() == 2 ? new int[] {0} : new int[] {0, 2, 3};
        double[] mean = parameters.get("mean").dup().data().asDouble();
        double[] variance = parameters.containsKey("var")
                ? parameters.get("var").dup().data().asDouble()
                : Arrays.stream(parameters.get("log10stdev").dup().data().asDouble())
                        .map(value -> Math.pow(10, 2 * value))
                        .toArray();
        assertThat(mean).containsExactly(input.mean(axes).dup().data().asDouble(), within(1e-5));
        assertThat(variance).containsExactly(input.var(false, axes).dup().data().asDouble(), within(1e-5));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void layersHaveTheMomentsOfWhatReachesThem(boolean logarithm) {
        MultiLayerNetwork network = network(logarithm);
        INDArray[] images = images();
        INDArray all = Nd4j.concat(0, images);
        network.fit(all, TestNetworks.labels(12, TestNetworks.CLASSES));
        Map<String, INDArray> before = network.paramTable().entrySet().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue().dup()));
        INDArray updater = network.updaterState().dup();
        assertThat(BatchNormStatistics.recalibrate(network, batches(images))).isEqualTo(3);
        List<INDArray> activations = network.feedForward(all, false);
        for (int layer : new int[] {1, 3, 5}) {
            assertStatistics(activations.get(layer), network.getLayer(layer).paramTable());
        }
        before.forEach((name, array) -> assertThat(network.getParam(name).equals(array)).as(name)
                .isEqualTo(!name.matches(".*(mean|var|log10stdev)")));
        assertThat(network.updaterState()).isEqualTo(updater);
        assertThat(network.getIterationCount()).isEqualTo(1);
        INDArray parameters = network.params().dup();
        BatchNormStatistics.recalibrate(network, batches(all));
        assertThat(network.params().distance2(parameters)).isLessThan(1e-5);
    }

    @Test
    void graphs() {
        ComputationGraph graph = new ComputationGraph(TestNetworks.settings()
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.convolutional(12, 12, 2))
                .addLayer("first", new BatchNormalization(), "in")
                .addLayer("conv", convolution(3), "first")
                .addLayer("left", new BatchNormalization(), "conv")
                .addLayer("pool", TestNetworks.max(2, 2), "left")
                .addLayer("right", new BatchNormalization(), "pool")
                .addLayer("out", TestNetworks.outputLayer(), "right")
                .setOutputs("out")
                .build());
        graph.init();
        INDArray[] images = images();
        INDArray all = Nd4j.concat(0, images);
        assertThat(BatchNormStatistics.recalibrate(graph, batches(images))).isEqualTo(3);
        Map<String, INDArray> activations = graph.feedForward(all, false);
        assertStatistics(all, graph.getLayer("first").paramTable());
        assertStatistics(activations.get("conv"), graph.getLayer("left").paramTable());
        assertStatistics(activations.get("pool"), graph.getLayer("right").paramTable());
    }

    @Test
    void channelsThatAreConstant() {
        MultiLayerNetwork network = network(true);
        INDArray x = Nd4j.ones(3, 2, 12, 12);
        network.getParam("0_W").assign(0);
        BatchNormStatistics.recalibrate(network, batches(x));
        assertThat(network.params().isNaN().any() || network.params().isInfinite().any()).isFalse();
        assertThat(network.output(x).isNaN().any()).isFalse();
    }

    @Test
    void dataThatDoNotDo() {
        MultiLayerNetwork network = network(true);
        INDArray parameters = network.params().dup();
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchNormStatistics.recalibrate(network, batches()))
                .withMessage("data are empty, there is nothing to measure");
        DataSet masked = new DataSet(images()[0], TestNetworks.labels(7, 3), Nd4j.ones(7, 1), null);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> BatchNormStatistics.recalibrate(
                        network, new ListDataSetIterator<>(List.of(masked, masked), 14)))
                .withMessageContaining("masks");
        assertThat(network.params()).isEqualTo(parameters);
    }

    private static double accuracy(MultiLayerNetwork network, LabelledImages images) {
        Evaluation evaluation = network.evaluate(images.batches(100));
        return evaluation.accuracy();
    }

    /** The smallest of the networks in docs/zoo.md, with another seed. */
    @Test
    void repairsPartOfTheAccuracyThatASwapCosts() throws IOException {
        ImageDataset images = ImageDatasets.load(ImageDatasets.EMBEDDED).take(2000, 500);
        MultiLayerNetwork trained = new MultiLayerNetwork(TestNetworks.settings()
                .weightInit(WeightInit.RELU)
                .updater(new Adam(3e-3))
                .activation(Activation.IDENTITY)
                .list()
                .layer(convolution(8))
                .layer(new BatchNormalization())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(TestNetworks.max(2, 2))
                .layer(convolution(16))
                .layer(new BatchNormalization())
                .layer(new ActivationLayer(Activation.RELU))
                .layer(TestNetworks.max(2, 2))
                .layer(new OutputLayer.Builder().nOut(10).activation(Activation.SOFTMAX).build())
                .setInputType(InputType.convolutional(28, 28, 1))
                .build());
        trained.init();
        trained.fit(images.train().shuffledBatches(50, 3), 3);
        MultiLayerNetwork swapped = PoolingSwap.to(Pooling.average()).apply(trained).network();
        double before = accuracy(trained, images.test());
        double stale = accuracy(swapped, images.test());
        BatchNormStatistics.recalibrate(swapped, images.train().take(500).batches(100));
        double recalibrated = accuracy(swapped, images.test());
        assertThat(before).isGreaterThan(0.75);
        assertThat(recalibrated).isBetween(stale + 0.02, before);
    }
}
