// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.layers.EveryLayerNetwork;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.layers.conf.StochasticPooling;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.solvers.accumulation.encoding.threshold.FixedThresholdAlgorithm;
import org.deeplearning4j.parallelism.ParallelInference;
import org.deeplearning4j.parallelism.ParallelWrapper;
import org.deeplearning4j.parallelism.inference.InferenceMode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** DL4J's own ways to use several threads: ParallelInference, and ParallelWrapper in both of its modes. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // its workers would wait for each other for ever
class ParallelTest {

    private static final int WORKERS = 2;
    private static final int BATCHES = 8;

    @ParameterizedTest
    @EnumSource(InferenceMode.class)
    void inference(InferenceMode mode) throws Exception {
        ComputationGraph network = EveryLayerNetwork.network(DataType.FLOAT, CNN2DFormat.NCHW);
        long[] shape = EveryLayerNetwork.data(DataType.FLOAT, CNN2DFormat.NCHW).getFeatures().shape();
        List<INDArray> inputs = new ArrayList<>();
        List<PlainArray> expected = new ArrayList<>();
        for (int i = 0; i < Threads.COUNT; i++) {
            inputs.add(Nd4j.rand(DataType.FLOAT, shape));
            expected.add(PlainArray.of(network.outputSingle(inputs.get(i)), false));
        }
        ParallelInference inference = new ParallelInference.Builder(network)
                .inferenceMode(mode).workers(WORKERS).batchLimit(16).queueLimit(Threads.COUNT).build();
        try {
            // Batches of other sizes: DL4J's layers may add up in another order.
            Threads.run(thread -> Comparison.assertClose("output of thread " + thread,
                    PlainArray.of(inference.output(inputs.get(thread)), false), expected.get(thread),
                    Comparison.roundingErrors(DataType.FLOAT, 1000, 1)));
        } finally {
            inference.shutdown();
        }
    }

    private static DataSetIterator batches() {
        List<DataSet> examples = new ArrayList<>();
        for (int batch = 0; batch < BATCHES; batch++) {
            examples.addAll(StatefulNetworks.data(batch).asList());
        }
        return new ListDataSetIterator<>(examples, 4);
    }

    private static <T extends Model> void train(T model, ParallelWrapper.TrainingMode mode, int epochs) {
        ParallelWrapper.Builder<T> builder = new ParallelWrapper.Builder<>(model);
        builder.workers(WORKERS).prefetchBuffer(0).averagingFrequency(1).trainingMode(mode);
        if (mode == ParallelWrapper.TrainingMode.SHARED_GRADIENTS) {
            builder.thresholdAlgorithm(new FixedThresholdAlgorithm(1e-3));
        }
        ParallelWrapper wrapper = builder.build();
        try {
            for (int epoch = 0; epoch < epochs; epoch++) {
                wrapper.fit(batches());
            }
        } finally {
            wrapper.shutdown();
        }
    }

    private static List<DataSet> batchesAsList() {
        List<DataSet> list = new ArrayList<>();
        batches().forEachRemaining(list::add);
        return list;
    }

    private static void checkLearns(Model model, ParallelWrapper.TrainingMode mode, ToDoubleFunction<DataSet> score) {
        DataSet data = DataSet.merge(batchesAsList());
        double before = score.applyAsDouble(data);
        train(model, mode, 6);
        assertThat(model.params().isNaN().any()).isFalse();
        assertThat(score.applyAsDouble(data)).isLessThan(0.95 * before);
    }

    @Test
    void averaging() {
        for (MultiLayerNetwork network : StatefulNetworks.all()) {
            checkLearns(network, ParallelWrapper.TrainingMode.AVERAGING, network::score);
        }
    }

    /**
     * Graphs only: with a MultiLayerNetwork DL4J locks itself up where the second worker starts late. It wants to make
     * the updater while the first one, which trains the same network, waits for it.
     */
    @Test
    void sharingOfGradients() {
        for (MultiLayerNetwork network : StatefulNetworks.all()) {
            ComputationGraph graph = network.toComputationGraph();
            checkLearns(graph, ParallelWrapper.TrainingMode.SHARED_GRADIENTS, graph::score);
        }
    }

    @Test
    void averagingOfGraphs() {
        ComputationGraph network = StatefulNetworks.network(new StochasticPooling.Builder(2, 2).build())
                .toComputationGraph();
        checkLearns(network, ParallelWrapper.TrainingMode.AVERAGING, network::score);
    }
}
