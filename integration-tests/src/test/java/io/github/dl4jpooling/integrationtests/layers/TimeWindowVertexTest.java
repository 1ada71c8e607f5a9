// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.layers.conf.SumPooling;
import io.github.dl4jpooling.layers.conf.vertex.TimeWindowVertex;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.SpanOp;
import io.github.dl4jpooling.ops.TimeWindowPool;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Time windows in networks: gradients, masks, files, and that they learn what windows of steps cannot. */
class TimeWindowVertexTest {

    private static final int BATCH = 3;
    private static final int STEPS = 6;
    private static final int CHANNELS = 2;

    private static ComputationGraph network(TimeWindowVertex vertex, RNNFormat format, DataType type) {
        boolean vector = vertex.getMoments() == TimeWindowPool.Moments.LAST_EVENT;
        boolean given = vertex.getMoments() == TimeWindowPool.Moments.GIVEN;
        NeuralNetConfiguration.Builder settings = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(type)
                .updater(type == DataType.DOUBLE ? new NoOp() : new Adam(0.01));
        ComputationGraphConfiguration configuration = settings.graphBuilder()
                .addInputs(given ? new String[] {"events", "times", "moments"} : new String[] {"events", "times"})
                .addLayer("first", new SimpleRnn.Builder().nOut(CHANNELS).dataFormat(format)
                        .activation(Activation.TANH).build(), "events")
                .addVertex("recent", vertex,
                        given ? new String[] {"first", "times", "moments"} : new String[] {"first", "times"})
                .addLayer("output", vector
                        ? new OutputLayer.Builder(LossFunctions.LossFunction.MSE).nOut(2)
                                .activation(Activation.IDENTITY).build()
                        : new RnnOutputLayer.Builder(LossFunctions.LossFunction.MSE).nOut(2).dataFormat(format)
                                .activation(Activation.IDENTITY).build(),
                        "recent")
                .setOutputs("output")
                .setInputTypes(given
                        ? new InputType[] {
                            InputType.recurrent(CHANNELS, STEPS, format), InputType.recurrent(1, STEPS, format),
                            InputType.recurrent(1, 4, format)
                        }
                        : new InputType[] {
                            InputType.recurrent(CHANNELS, STEPS, format), InputType.recurrent(1, STEPS, format)
                        })
                .build();
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        return network;
    }

    private static INDArray sequence(int size, int length, RNNFormat format, double scale) {
        return format == RNNFormat.NWC
                ? Nd4j.randn(DataType.DOUBLE, BATCH, length, size).muli(scale)
                : Nd4j.randn(DataType.DOUBLE, BATCH, size, length).muli(scale);
    }

    private static INDArray[] inputs(TimeWindowVertex vertex, RNNFormat format) {
        Nd4j.getRandom().setSeed(4);
        INDArray events = sequence(CHANNELS, STEPS, format, 1);
        INDArray times = sequence(1, STEPS, format, 5);
        return vertex.getMoments() == TimeWindowPool.Moments.GIVEN
                ? new INDArray[] {events, times, sequence(1, 4, format, 5)}
                : new INDArray[] {events, times};
    }

    private static Stream<TimeWindowVertex> vertices() {
        return Arrays.stream(TimeWindowPool.Moments.values()).flatMap(moments -> Stream.of(
                new TimeWindowVertex.Builder(3, 8).moments(moments).build(),
                new TimeWindowVertex.Builder(5).kind(SpanOp.Kind.MAX).moments(moments).build(),
                new TimeWindowVertex.Builder(4, Double.POSITIVE_INFINITY).kind(SpanOp.Kind.SUM).moments(moments)
                        .halfLife(2).decayLearned(true).build(),
                new TimeWindowVertex.Builder(6).moments(moments).halfLife(3).decayLearned(true).build()));
    }

    private static INDArray mask() {
        return Nd4j.createFromArray(new double[][] {{1, 1, 1, 1, 0, 0}, {0, 1, 0, 1, 1, 0}, {1, 1, 1, 1, 1, 1}});
    }

    @TestFactory
    Stream<DynamicTest> gradients() {
        return vertices().flatMap(vertex -> Arrays.stream(RNNFormat.values()).map(format -> DynamicTest.dynamicTest(
                vertex + " " + format, () -> Doubles.byDefault(() -> {
                    ComputationGraph network = network(vertex, format, DataType.DOUBLE);
                    INDArray[] inputs = inputs(vertex, format);
                    INDArray[] masks = new INDArray[inputs.length];
                    masks[0] = mask();
                    GradientCheckUtil.GraphConfig check = new GradientCheckUtil.GraphConfig()
                            .net(network)
                            .inputs(inputs)
                            .labels(new INDArray[] {Nd4j.randn(DataType.DOUBLE, network.output(inputs)[0].shape())})
                            .inputMask(masks)
                            .maxRelError(1e-5)
                            .minAbsoluteError(1e-8)
                            .print(GradientCheckUtil.PrintMode.FAILURES_ONLY);
                    if (vertex.getMoments() == TimeWindowPool.Moments.EVERY_EVENT) {
                        check.labelMask(new INDArray[] {mask()});
                    }
                    assertThat(GradientCheckUtil.checkGradients(check)).isTrue();
                }))));
    }

    @TestFactory
    Stream<DynamicTest> appliesTheOperator() {
        return vertices().map(vertex -> DynamicTest.dynamicTest(vertex.toString(), () -> {
            ComputationGraph network = network(vertex, RNNFormat.NCW, DataType.FLOAT);
            INDArray[] inputs = inputs(vertex, RNNFormat.NCW);
            inputs[0] = inputs[0].castTo(DataType.FLOAT); // times stay doubles
            inputs[1].addi(1.7e9);
            if (inputs.length > 2) {
                inputs[2].addi(1.7e9);
            }
            TimeWindowVertex learnt = (TimeWindowVertex) network.getConfiguration().getVertices().get("recent");
            INDArray y = network.feedForward(inputs, false).get("recent");
            INDArray x = network.feedForward(inputs, false).get("first");
            INDArray times = inputs[1].slice(0, 1);
            INDArray tau = network.paramTable().get("recent_logTau");
            INDArray[] arguments = Stream.of(x, tau, times, inputs.length > 2 ? inputs[2].slice(0, 1) : null)
                    .filter(java.util.Objects::nonNull).toArray(INDArray[]::new);
            INDArray expected = new NDPooling().pool(learnt.op(false), arguments);
            Comparison.assertSameBits("output", y.reshape(expected.shape()), expected);
            network.fit(new MultiDataSet(inputs, new INDArray[] {
                Nd4j.randn(DataType.FLOAT, network.output(inputs)[0].shape())
            }));
            ComputationGraph saved = WindowVertexTest.saved(network);
            Comparison.assertSameBits("saved", saved.output(inputs)[0], network.output(inputs)[0]);
        }));
    }

    /** Masked events change nothing; without masks in a later call they count again. */
    @Test
    void masks() {
        TimeWindowVertex vertex = new TimeWindowVertex.Builder(4).kind(SpanOp.Kind.SUM).build();
        ComputationGraph network = network(vertex, RNNFormat.NCW, DataType.DOUBLE);
        INDArray[] inputs = inputs(vertex, RNNFormat.NCW);
        INDArray before = network.output(inputs)[0];
        network.setLayerMaskArrays(new INDArray[] {mask(), null}, null);
        INDArray masked = network.feedForward(inputs, false).get("recent").dup();
        INDArray[] spoilt = {inputs[0], inputs[1].dup()};
        spoilt[1].get(NDArrayIndex.point(0), NDArrayIndex.all(), NDArrayIndex.interval(4, 6)).assign(Double.NaN);
        Comparison.assertSameBits("masked", network.feedForward(spoilt, false).get("recent"), masked);
        assertThat(masked.get(NDArrayIndex.point(0), NDArrayIndex.all(), NDArrayIndex.interval(4, 6)).norm1Number()
                .doubleValue()).isZero();
        network.clearLayerMaskArrays();
        Comparison.assertSameBits("without mask", network.output(inputs)[0], before);
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> new TimeWindowVertex.Builder(1).decayLearned(true).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("half-life", "0.0");
        assertThatThrownBy(() -> new TimeWindowVertex.Builder(-1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("window", "-1.0");
        TimeWindowVertex vertex = new TimeWindowVertex.Builder(1).build();
        assertThatThrownBy(() -> vertex.getOutputType(0, InputType.recurrent(3), InputType.recurrent(2)))
                .hasMessageContainingAll("TimeWindowVertex", "times", "one number a step");
        assertThatThrownBy(() -> vertex.getOutputType(0, InputType.recurrent(3)))
                .hasMessageContainingAll("takes 2 inputs");
    }

    @Test
    void settingsSurviveJson() {
        vertices().forEach(vertex -> {
            assertThat(vertex.clone()).isEqualTo(vertex).isNotSameAs(vertex);
            ComputationGraphConfiguration configuration =
                    network(vertex, RNNFormat.NWC, DataType.FLOAT).getConfiguration();
            assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        });
    }

    /** Purchases at irregular times; to be told: how much was bought in the seven days before the last one. */
    private static final class Purchases {
        static final int EVENTS = 24;
        static final double WEEK = 7;

        final INDArray amounts;
        final INDArray times;
        final INDArray sums;

        Purchases(int customers, long seed) {
            Random random = new Random(seed);
            amounts = Nd4j.zeros(DataType.FLOAT, customers, 1, EVENTS);
            times = Nd4j.zeros(DataType.DOUBLE, customers, 1, EVENTS);
            sums = Nd4j.zeros(DataType.FLOAT, customers, 1);
            for (int customer = 0; customer < customers; customer++) {
                double pace = 0.3 + 2 * random.nextDouble(); // days between two purchases
                double now = 20000;
                double[] when = new double[EVENTS];
                for (int event = 0; event < EVENTS; event++) {
                    now -= pace * Math.log(1 - random.nextDouble());
                    when[event] = now;
                }
                double sum = 0;
                for (int event = 0; event < EVENTS; event++) {
                    double amount = random.nextDouble();
                    amounts.putScalar(customer, 0, event, amount);
                    times.putScalar(customer, 0, event, when[event]);
                    sum += when[event] > now - WEEK ? amount : 0;
                }
                sums.putScalar(customer, 0, sum);
            }
        }

        INDArray[] inputs(boolean timed) {
            return timed ? new INDArray[] {amounts, times} : new INDArray[] {amounts};
        }

        double variance() {
            return sums.varNumber().doubleValue();
        }
    }

    /** A network that knows sums over time windows of several lengths, or over the last steps. */
    private static ComputationGraph forecast(boolean timeWindows) {
        ComputationGraphConfiguration.GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Adam(0.02))
                .graphBuilder()
                .addInputs("amounts");
        InputType sequence = InputType.recurrent(1, Purchases.EVENTS);
        String[] features;
        if (timeWindows) {
            graph.addInputs("times").setInputTypes(sequence, sequence);
            graph.addVertex("recent", new TimeWindowVertex.Builder(1, 3, 7, 14, 30)
                    .kind(SpanOp.Kind.SUM).moments(TimeWindowPool.Moments.LAST_EVENT).build(), "amounts", "times");
            features = new String[] {"recent"};
        } else {
            graph.setInputTypes(sequence);
            int[] lengths = {1, 3, 7, 14, 24};
            features = new String[lengths.length];
            for (int i = 0; i < lengths.length; i++) {
                graph.addLayer("steps" + i, new SumPooling.Builder(lengths[i]).build(), "amounts");
                graph.addVertex("last" + i, new LastTimeStepVertex("amounts"), "steps" + i);
                features[i] = "last" + i;
            }
        }
        graph.addLayer("output", new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                .nOut(1).activation(Activation.IDENTITY).build(), features);
        ComputationGraph network = new ComputationGraph(graph.setOutputs("output").build());
        network.init();
        return network;
    }

    private static double unexplained(boolean timeWindows) {
        ComputationGraph network = forecast(timeWindows);
        Purchases training = new Purchases(400, 1);
        Purchases test = new Purchases(400, 2);
        for (int step = 0; step < 1000; step++) {
            network.fit(new MultiDataSet(training.inputs(timeWindows), new INDArray[] {training.sums}));
        }
        INDArray difference = network.output(test.inputs(timeWindows))[0].sub(test.sums);
        return difference.mul(difference).meanNumber().doubleValue() / test.variance();
    }

    /** The window that was planted is found among five; windows of steps do not know when the steps were. */
    @Test
    void learnsWhatWindowsOfStepsCannot() {
        assertThat(unexplained(true)).isLessThan(0.02);
        assertThat(unexplained(false)).isGreaterThan(0.2);
    }

    /** A planted time constant is recovered by a learned decay. */
    @Test
    void learnsTheTimeConstant() {
        double planted = 5;
        Purchases purchases = new Purchases(300, 3);
        TimeWindowPool truth = TimeWindowPool.builder(Double.POSITIVE_INFINITY)
                .kind(SpanOp.Kind.SUM)
                .moments(TimeWindowPool.Moments.LAST_EVENT)
                .halfLife(planted * Math.log(2))
                .build();
        INDArray labels = new NDPooling().pool(truth, purchases.amounts, purchases.times.slice(0, 1))
                .reshape(300, 1);
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Adam(0.05))
                .graphBuilder()
                .addInputs("amounts", "times")
                .addVertex("recent", new TimeWindowVertex.Builder(Double.POSITIVE_INFINITY)
                        .kind(SpanOp.Kind.SUM).moments(TimeWindowPool.Moments.LAST_EVENT)
                        .halfLife(1).decayLearned(true).build(), "amounts", "times")
                .addLayer("output", new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .nOut(1).activation(Activation.IDENTITY).build(), "recent")
                .setOutputs("output")
                .setInputTypes(InputType.recurrent(1, Purchases.EVENTS), InputType.recurrent(1, Purchases.EVENTS))
                .build());
        network.init();
        network.paramTable().get("output_W").assign(1);
        for (int step = 0; step < 300; step++) {
            network.fit(new MultiDataSet(
                    new INDArray[] {purchases.amounts, purchases.times}, new INDArray[] {labels}));
        }
        assertThat(Math.exp(network.paramTable().get("recent_logTau").getDouble(0)))
                .isEqualTo(planted, org.assertj.core.data.Offset.offset(0.25));
    }
}
