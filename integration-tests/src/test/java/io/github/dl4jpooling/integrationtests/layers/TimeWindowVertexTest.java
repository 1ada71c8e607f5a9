// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.layers.conf.vertex.TimeWindowVertex;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.SpanOp;
import io.github.dl4jpooling.ops.TimeWindowPool;
import java.util.Arrays;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
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

/** Time windows in networks: gradients, masks, files. */
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
}
