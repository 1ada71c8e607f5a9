// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.OperatorRun;
import io.github.dl4jpooling.integrationtests.family.Operators;
import io.github.dl4jpooling.integrationtests.family.RandomCases;
import io.github.dl4jpooling.integrationtests.layers.EveryLayerNetwork;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Eight threads that use the same ops and networks, or copies of them, get what one thread gets, to the bit. Draws of
 * operators with chance come from ND4J's generator of the thread, so that a thread that sets its seed repeats them.
 */
class SharedUseTest {

    private static final int SEED = 17;

    /** A run of an operator, and what it gives. */
    private static final class Expected {
        private final OperatorRun run;
        private final PlainArray yGradient;
        private final List<double[]> results;

        Expected(OperatorRun run) {
            this.run = run;
            Nd4j.getRandom().setSeed(SEED);
            PlainArray y = run.outputs()[0];
            yGradient = PlainArray.gaussian(new Random(SEED), 1, y.shape());
            results = results();
        }

        private List<double[]> results() {
            List<double[]> numbers = new ArrayList<>();
            Nd4j.getRandom().setSeed(SEED);
            for (PlainArray output : run.outputs()) {
                numbers.add(output.values());
            }
            Nd4j.getRandom().setSeed(SEED);
            for (PlainArray gradient : run.gradients(yGradient)) {
                numbers.add(gradient.values());
            }
            return numbers;
        }

        void check() {
            assertThat(results()).as(run.toString()).usingElementComparator(
                    (a, b) -> Arrays.compare(a, b)).isEqualTo(results);
        }
    }

    @Test
    void everyOp() throws Exception {
        List<Expected> expected = Operators.all()
                .flatMap(operator -> RandomCases.of(operator, DataType.FLOAT, SEED, 2))
                .map(Expected::new)
                .collect(Collectors.toList());
        Threads.run(thread -> {
            for (int i = 0; i < expected.size(); i++) { // each from another place, so that different ones meet
                expected.get((i + thread * expected.size() / Threads.COUNT) % expected.size()).check();
            }
        });
    }

    /** Noise for each thread. */
    private static List<INDArray> inputs(long... shape) {
        List<INDArray> inputs = new ArrayList<>();
        Nd4j.getRandom().setSeed(SEED);
        for (int i = 0; i < Threads.COUNT; i++) {
            inputs.add(Nd4j.rand(DataType.FLOAT, shape));
        }
        return inputs;
    }

    private static void checkOutputs(Supplier<ComputationGraph> networks) throws Exception {
        ComputationGraph network = networks.get();
        List<INDArray> inputs = inputs(EveryLayerNetwork.data(DataType.FLOAT, CNN2DFormat.NCHW).getFeatures().shape());
        List<INDArray> expected = inputs.stream().map(network::outputSingle).collect(Collectors.toList());
        Threads.run(thread -> {
            ComputationGraph used = networks.get();
            for (int i = 0; i < 3; i++) {
                Comparison.assertSameBits("output of thread " + thread, used.outputSingle(inputs.get(thread)),
                        expected.get(thread));
            }
        });
    }

    @Test
    void sharedGraph() throws Exception {
        ComputationGraph network = EveryLayerNetwork.network(DataType.FLOAT, CNN2DFormat.NCHW);
        checkOutputs(() -> network);
    }

    @Test
    void clonedGraphs() throws Exception {
        ComputationGraph network = EveryLayerNetwork.network(DataType.FLOAT, CNN2DFormat.NCHW);
        checkOutputs(network::clone);
    }

    @Test
    void sharedNetwork() throws Exception {
        for (MultiLayerNetwork network : StatefulNetworks.all()) {
            List<INDArray> inputs = inputs(StatefulNetworks.data(0).getFeatures().shape());
            List<INDArray> expected = inputs.stream().map(network::output).collect(Collectors.toList());
            Threads.run(thread -> Comparison.assertSameBits("output of thread " + thread,
                    network.output(inputs.get(thread)), expected.get(thread)));
        }
    }

    private static INDArray trained(MultiLayerNetwork network, int thread, List<DataSet> data) {
        MultiLayerNetwork copy = network.clone();
        Nd4j.getRandom().setSeed(SEED + thread);
        data.forEach(copy::fit);
        return copy.params();
    }

    @Test
    void clonedNetworksTrain() throws Exception {
        List<DataSet> data = List.of(StatefulNetworks.data(0), StatefulNetworks.data(1), StatefulNetworks.data(2));
        for (MultiLayerNetwork network : StatefulNetworks.all()) {
            List<INDArray> expected = new ArrayList<>();
            for (int thread = 0; thread < Threads.COUNT; thread++) {
                expected.add(trained(network, thread, data));
            }
            assertThat(expected.get(0).isNaN().any()).isFalse();
            Threads.run(thread -> Comparison.assertSameBits("parameters of thread " + thread,
                    trained(network, thread, data), expected.get(thread)));
        }
    }
}
