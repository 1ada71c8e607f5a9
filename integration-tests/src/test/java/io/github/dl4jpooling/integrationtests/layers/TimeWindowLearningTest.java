// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.layers.conf.SumPooling;
import io.github.dl4jpooling.layers.conf.vertex.TimeWindowVertex;
import io.github.dl4jpooling.ops.SpanOp;
import io.github.dl4jpooling.ops.TimeWindowPool;
import java.util.Arrays;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Time windows find what is planted in events at irregular times, and windows of steps do not. */
class TimeWindowLearningTest {

    private static final int CUSTOMERS = 400;
    private static final int DAYS = 22;

    /** Purchases at irregular times; to be told: a sum of them in which the age of a purchase decides how it counts. */
    private static final class Purchases {
        private final INDArray amounts;
        private final INDArray times;
        private final INDArray sums;

        Purchases(int events, DoubleUnaryOperator weightOfAge, long seed) {
            Random random = new Random(seed);
            amounts = Nd4j.zeros(DataType.FLOAT, CUSTOMERS, 1, events);
            times = Nd4j.zeros(DataType.DOUBLE, CUSTOMERS, 1, events);
            sums = Nd4j.zeros(DataType.FLOAT, CUSTOMERS, 1);
            for (int customer = 0; customer < CUSTOMERS; customer++) {
                double pace = 0.3 + 2 * random.nextDouble(); // days between two purchases
                double now = 20000;
                double[] when = new double[events];
                for (int event = 0; event < events; event++) {
                    now -= pace * Math.log(1 - random.nextDouble());
                    when[event] = now;
                }
                double sum = 0;
                for (int event = 0; event < events; event++) {
                    double amount = random.nextDouble();
                    amounts.putScalar(customer, 0, event, amount);
                    times.putScalar(customer, 0, event, when[event]);
                    sum += weightOfAge.applyAsDouble(now - when[event]) * amount;
                }
                sums.putScalar(customer, 0, sum);
            }
        }

        /** As many inputs as asked for: the amounts, their times, moments so many days before the last purchase. */
        MultiDataSet data(int inputs) {
            INDArray moments = Nd4j.zeros(DataType.DOUBLE, CUSTOMERS, 1, DAYS);
            for (int customer = 0; customer < CUSTOMERS; customer++) {
                double now = times.getDouble(customer, 0, times.size(2) - 1);
                for (int day = 0; day < DAYS; day++) {
                    moments.putScalar(customer, 0, day, now - day + 0.5);
                }
            }
            INDArray[] features = Arrays.copyOf(new INDArray[] {amounts, times, moments}, inputs);
            return new MultiDataSet(features, new INDArray[] {sums});
        }
    }

    private static GraphBuilder graph(double learningRate) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Adam(learningRate))
                .graphBuilder()
                .addInputs("amounts");
    }

    private static ComputationGraph network(GraphBuilder graph, String... features) {
        graph.addLayer("output", new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                .nOut(1).activation(Activation.IDENTITY).build(), features);
        ComputationGraph network = new ComputationGraph(graph.setOutputs("output").build());
        network.init();
        return network;
    }

    private static ComputationGraph ofTime(TimeWindowVertex.Builder windows, int events, double learningRate) {
        InputType sequence = InputType.recurrent(1, events);
        GraphBuilder graph = graph(learningRate).addInputs("times").setInputTypes(sequence, sequence);
        graph.addVertex("recent", windows.kind(SpanOp.Kind.SUM).moments(TimeWindowPool.Moments.LAST_EVENT).build(),
                "amounts", "times");
        return network(graph, "recent");
    }

    /** Sums over the last steps; their differences are the sums of chunks, the longest is the mean of all. */
    private static ComputationGraph ofSteps(int[] lengths, int events, double learningRate) {
        GraphBuilder graph = graph(learningRate).setInputTypes(InputType.recurrent(1, events));
        String[] features = new String[lengths.length];
        for (int i = 0; i < lengths.length; i++) {
            graph.addLayer("steps" + i, new SumPooling.Builder(lengths[i]).build(), "amounts");
            graph.addVertex("last" + i, new LastTimeStepVertex("amounts"), "steps" + i);
            features[i] = "last" + i;
        }
        return network(graph, features);
    }

    private static void train(ComputationGraph network, Purchases purchases, int steps) {
        MultiDataSet data = purchases.data(network.getNumInputArrays());
        for (int step = 0; step < steps; step++) {
            network.fit(data);
        }
    }

    /** Share of the variance that a network leaves. */
    private static double unexplained(ComputationGraph network, Purchases test) {
        MultiDataSet data = test.data(network.getNumInputArrays());
        INDArray difference = network.output(data.getFeatures())[0].sub(test.sums);
        return difference.mul(difference).meanNumber().doubleValue() / test.sums.varNumber().doubleValue();
    }

    /** The week that was planted is found among five windows; windows of steps do not know when the steps were. */
    @Test
    void learnsTheLengthOfAWindow() {
        int events = 24;
        DoubleUnaryOperator lastWeek = age -> age < 7 ? 1 : 0;
        Purchases training = new Purchases(events, lastWeek, 1);
        Purchases test = new Purchases(events, lastWeek, 2);
        ComputationGraph ofTime = ofTime(new TimeWindowVertex.Builder(1, 3, 7, 14, 30), events, 0.02);
        ComputationGraph ofSteps = ofSteps(new int[] {1, 3, 7, 14, 24}, events, 0.02);
        train(ofTime, training, 1000);
        train(ofSteps, training, 1000);
        assertThat(unexplained(ofTime, test)).isLessThan(0.02);
        assertThat(unexplained(ofSteps, test)).isGreaterThan(0.2);
    }

    /**
     * What counts is what was bought one, two and three weeks before the last purchase. The sums of single days find
     * the days of the rhythm among all others; to windows of steps it is noise.
     */
    @Test
    void learnsARhythm() {
        int events = 64;
        DoubleUnaryOperator weekly = age -> age > 6.5 && Math.abs(age % 7 - 3.5) > 3 && age < 21.5 ? 1 : 0;
        Purchases training = new Purchases(events, weekly, 1);
        Purchases test = new Purchases(events, weekly, 2);
        InputType sequence = InputType.recurrent(1, events);
        GraphBuilder graph = graph(0.05).addInputs("times", "moments")
                .setInputTypes(sequence, sequence, InputType.recurrent(1, DAYS));
        graph.addVertex("days", new TimeWindowVertex.Builder(1).kind(SpanOp.Kind.SUM)
                .moments(TimeWindowPool.Moments.GIVEN).build(), "amounts", "times", "moments");
        graph.addVertex("features", new ReshapeVertex('c', new int[] {-1, DAYS}, null), "days");
        ComputationGraph ofTime = network(graph, "features");
        ComputationGraph ofSteps = ofSteps(new int[] {1, 4, 8, 12, 16, 24, 32, 64}, events, 0.05);
        train(ofTime, training, 200);
        train(ofSteps, training, 200);
        assertThat(unexplained(ofTime, test)).isLessThan(0.01);
        assertThat(unexplained(ofSteps, test)).isGreaterThan(0.8);
        double[] weights = ofTime.paramTable().get("output_W").ravel().toDoubleVector();
        for (int day = 0; day < DAYS; day++) {
            assertThat(weights[day]).as("day %d", day).isCloseTo(day > 0 && day % 7 == 0 ? 1 : 0, within(0.1));
        }
    }

    /** A planted time constant is recovered by a learned decay. */
    @Test
    void learnsTheTimeConstant() {
        int events = 24;
        double planted = 5;
        Purchases purchases = new Purchases(events, age -> Math.exp(-age / planted), 3);
        ComputationGraph network = ofTime(
                new TimeWindowVertex.Builder(Double.POSITIVE_INFINITY).halfLife(1).decayLearned(true), events, 0.05);
        network.paramTable().get("output_W").assign(1);
        train(network, purchases, 300);
        assertThat(Math.exp(network.paramTable().get("recent_logTau").getDouble(0))).isCloseTo(planted, within(0.25));
    }
}
