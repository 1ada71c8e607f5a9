// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.vertex.SparsePoolVertex;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SDPooling;
import io.github.dl4jpooling.ops.SparsePool;
import io.github.dl4jpooling.ops.SparsePool.Type;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** What is particular to sparse pooling. */
class SparsePoolTest {

    private static final PoolingWindow WINDOW = PoolingWindow.builder(2, 2).build();
    private static final double NAN = Double.NaN;
    private static final INDArray SITES = map(0, 1, 0, 0, 1, 0, 0, 0);

    private final NDPooling pooling = new NDPooling();

    /** The first window has two active places, the second none. */
    private static INDArray map(double... values) {
        return Nd4j.createFromArray(values).reshape(1, 1, 2, 4);
    }

    private static double[] values(INDArray array) {
        return array.dup('c').data().asDouble();
    }

    @Test
    void negativeFeaturesWinAgainstEmptyPlaces() {
        INDArray[] outputs = pooling.outputs(new SparsePool(WINDOW), map(9, -3, 5, 5, -2, 9, 5, 5), SITES);
        assertThat(values(outputs[0])).containsExactly(-2, 0);
        assertThat(values(outputs[1])).containsExactly(1, 0);
        assertThat(outputs[1].shape()).containsExactly(1, 1, 1, 2);
    }

    @Test
    void whatStandsAtInactivePlacesDoesNotMatter() {
        INDArray x = map(NAN, -3, NAN, NAN, -1, Double.POSITIVE_INFINITY, NAN, NAN);
        INDArray gradient = Nd4j.createFromArray(8.0, 8.0).reshape(1, 1, 1, 2);
        for (Type type : Type.values()) {
            SparsePool op = new SparsePool(WINDOW, type);
            INDArray[] outputs = pooling.outputs(op, x, SITES);
            assertThat(values(outputs[0])).containsExactly(type == Type.MAX ? -1 : -2, 0);
            assertThat(values(pooling.gradients(op, gradient, outputs, x, SITES)[0]))
                    .containsExactly(0, type == Type.MAX ? 0 : 4, 0, 0, type == Type.MAX ? 8 : 4, 0, 0, 0);
        }
    }

    /** A NaN of the gradient reaches the elements it belongs to, and no others. */
    @Test
    void gradientThatIsNan() {
        INDArray x = map(1, 2, 3, 4, 5, 6, 7, 8);
        INDArray gradient = Nd4j.createFromArray(NAN, 1).reshape(1, 1, 1, 2);
        SparsePool op = new SparsePool(WINDOW);
        INDArray[] outputs = pooling.outputs(op, x, SITES);
        assertThat(values(pooling.gradients(op, gradient, outputs, x, SITES)[0]))
                .containsExactly(0, 0, 0, 0, NAN, 0, 0, 0);
    }

    @Test
    void nan() {
        for (Type type : Type.values()) {
            SparsePool op = new SparsePool(WINDOW, type);
            INDArray active = map(1, NAN, 1, 1, 1, 1, 1, 1);
            assertThat(values(pooling.outputs(op, active, SITES)[0])).containsExactly(NAN, 0);
            INDArray[] unknown = pooling.outputs(op, map(1, 2, 3, 4, 5, 6, 7, 8), map(0, 1, 0, 0, NAN, 0, 1, 0));
            assertThat(values(unknown[0])).containsExactly(NAN, 7);
            assertThat(values(unknown[1])).containsExactly(NAN, 1);
        }
    }

    @Test
    void errors() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3, 4, 4);
        SparsePool op = new SparsePool(WINDOW);
        assertThatThrownBy(() -> pooling.pool(op, x, Nd4j.ones(DataType.FLOAT, 2, 3, 4, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Sparse pooling", "sites", "[2, 1, 4, 4]", "[2, 3, 4, 4]");
        assertThatThrownBy(() -> pooling.pool(op, x, Nd4j.ones(DataType.INT64, 2, 1, 4, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("Sparse pooling", "sites", "FLOAT", "LONG");
    }

    /** The active windows are the sites of the next pooling. */
    @Test
    void inARow() {
        Nd4j.getRandom().setSeed(3);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 8, 8);
        INDArray sites = Nd4j.rand(DataType.DOUBLE, 2, 1, 8, 8).lt(0.2).castTo(DataType.DOUBLE);
        SparsePool op = new SparsePool(WINDOW, Type.MAX);
        SameDiff graph = SameDiff.create();
        SDPooling sd = new SDPooling(graph);
        SDVariable[] first = sd.outputs("first", op, graph.var("x", x), graph.constant(sites));
        SDVariable[] second = sd.outputs("second", op, first);
        second[0].mul(second[0]).sum("loss");
        graph.setLossVariables("loss");
        Map<String, INDArray> results =
                graph.output(Collections.emptyMap(), second[0].name(), second[1].name());
        INDArray gradient = graph.calculateGradients(Collections.emptyMap(), "x").get("x");

        SparsePool once = new SparsePool(PoolingWindow.builder(4, 4).build(), Type.MAX);
        INDArray[] outputs = pooling.outputs(once, x, sites);
        Comparison.assertSameBits("output", results.get(second[0].name()), outputs[0]);
        Comparison.assertSameBits("active", results.get(second[1].name()), outputs[1]);
        Comparison.assertSameBits(
                "gradient", gradient, pooling.gradients(once, outputs[0].mul(2), outputs, x, sites)[0]);
    }

    /** Two sets of points that differ in their features' sign, among places that hold rubbish. */
    @Test
    void network() {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Adam(0.05))
                .graphBuilder()
                .addInputs("x", "sites")
                .addVertex("pool", new SparsePoolVertex(WINDOW), "x", "sites")
                .addLayer("sites2", new MaxPooling.Builder(2, 2).build(), "sites")
                .addVertex("pool2", new SparsePoolVertex(WINDOW, Type.AVG), "pool", "sites2")
                .addLayer("output", new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .nOut(2).activation(Activation.SOFTMAX).build(), "pool2")
                .setOutputs("output")
                .setInputTypes(InputType.convolutional(8, 8, 1), InputType.convolutional(8, 8, 1))
                .build());
        network.init();
        Random random = new Random(5);
        int batch = 32;
        INDArray x = Nd4j.create(DataType.FLOAT, batch, 1, 8, 8).assign(1e4);
        INDArray sites = Nd4j.create(DataType.FLOAT, batch, 1, 8, 8);
        INDArray labels = Nd4j.create(DataType.FLOAT, batch, 2);
        for (int example = 0; example < batch; example++) {
            labels.putScalar(example, example % 2, 1);
            for (int point = 0; point < 12; point++) {
                int[] place = {example, 0, random.nextInt(8), random.nextInt(8)};
                sites.putScalar(place, 1);
                x.putScalar(place, example % 2 == 0 ? -0.5 - random.nextDouble() : 0.5 + random.nextDouble());
            }
        }
        INDArray[] inputs = {x, sites};
        for (int step = 0; step < 60; step++) {
            network.fit(inputs, new INDArray[] {labels});
        }
        assertThat(network.output(inputs)[0].argMax(1)).isEqualTo(labels.argMax(1));
        assertThat(network.score()).isLessThan(0.2);
    }
}
