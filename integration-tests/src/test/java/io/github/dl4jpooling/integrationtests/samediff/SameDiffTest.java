// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.samediff;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.ForEachWindowOperator;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowInput;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.autodiff.samediff.TrainingConfig;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

/** An operator as part of a graph: results, gradients, training. */
@ForEachWindowOperator
class SameDiffTest {

    private static final int THREADS = 4;
    private static final int RUNS_PER_THREAD = 50;

    private final PoolingOperator operator;

    SameDiffTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> outputAndGradient() {
        return operator.dimensions().stream().flatMap(dimensions -> operator.dataTypes().stream()
                .map(type -> DynamicTest.dynamicTest(dimensions + "-D " + type, () -> check(dimensions, type))));
    }

    private void check(int dimensions, DataType type) {
        PoolingWindow window = FamilyGraph.window(dimensions);
        INDArray x = FamilyGraph.input(dimensions).toArray(type, window.channelsLast());
        INDArray y = Conventions.pool(operator, x, window);
        INDArray weights = PlainArray.gaussian(
                new Random(1), 1, PlainArray.of(y, window.channelsLast()).shape())
                .toArray(type, window.channelsLast());

        SameDiff graph = SameDiff.create();
        SDVariable output = Conventions.pool(operator, graph, "y", graph.var("x", x), window);
        output.mul(graph.constant(weights)).sum("loss");
        graph.setLossVariables("loss");

        assertThat(output.dataType()).isEqualTo(type);
        Comparison.assertSameBits("output", graph.outputSingle(Collections.emptyMap(), "y"), y);
        Comparison.assertSameBits(
                "gradient",
                graph.calculateGradients(Collections.emptyMap(), "x").get("x"),
                Conventions.gradient(operator, x, weights, window));
    }

    /** Further inputs are constants here: those that differ from example to example fix the batch size. */
    private void assumeAnyBatchSize(PoolingWindow window) {
        assumeTrue(Conventions.op(operator, window).furtherInputs().stream().allMatch(WindowInput::isWeight));
    }

    @Test
    void batchSizeMayChange() {
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        assumeAnyBatchSize(window);
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 3, 8, 6);
        Conventions.pool(operator, graph, "y", x, window, Nd4j.create(DataType.FLOAT, 1, 3, 8, 6));
        for (int batch : new int[] {1, 5, 2, 0}) {
            INDArray input = batch == 0
                    ? Nd4j.create(DataType.FLOAT, 0, 3, 8, 6)
                    : Nd4j.randn(DataType.FLOAT, batch, 3, 8, 6);
            INDArray y = graph.outputSingle(Collections.singletonMap("x", input), "y");
            Comparison.assertSameBits("output", y, Conventions.pool(operator, input, window));
        }
    }

    /** A variable used twice collects both gradients. */
    @Test
    void inputUsedTwice() {
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 8, 6);
        SameDiff graph = SameDiff.create();
        SDVariable input = graph.var("x", x);
        SDVariable first = Conventions.pool(operator, graph, "first", input, window);
        SDVariable second = Conventions.pool(operator, graph, null, input, window);
        first.add(second).add(input.sum()).sum("loss");
        graph.setLossVariables("loss");

        INDArray gradient = graph.calculateGradients(Collections.emptyMap(), "x").get("x");

        INDArray ones = Nd4j.ones(DataType.DOUBLE, 2, 3, 4, 3);
        INDArray expected =
                Conventions.gradient(operator, x, ones, window).mul(2).add(ones.length());
        assertThat(gradient.equalsWithEps(expected, 1e-12)).isTrue();
    }

    /** What stands before the pooling learns weights that were used to make the labels. */
    @TestFactory
    Stream<DynamicTest> training() {
        return Stream.of(DataType.FLOAT, DataType.DOUBLE)
                .map(type -> DynamicTest.dynamicTest(type.toString(), () -> train(type)));
    }

    private void train(DataType type) {
        PoolingWindow window = PoolingWindow.builder(3, 3).stride(2, 2).build();
        Nd4j.getRandom().setSeed(1);
        INDArray images = Nd4j.randn(type, 16, 2, 9, 9);
        INDArray teacher = Nd4j.createFromArray(1.5, -0.5).castTo(type).reshape(1, 2, 1, 1);
        INDArray labels =
                Conventions.pool(operator, images.mul(teacher), window).mean(2, 3);

        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", type, -1, 2, 9, 9);
        SDVariable label = graph.placeHolder("label", type, -1, 2);
        SDVariable weight = graph.var("weight", Nd4j.createFromArray(0.1, 0.2).castTo(type).reshape(1, 2, 1, 1));
        SDVariable y = Conventions.pool(operator, graph, "y", x.mul(weight), window, images);
        graph.loss.meanSquaredError("loss", label, y.mean(2, 3), null);
        graph.setLossVariables("loss");
        graph.setTrainingConfig(TrainingConfig.builder()
                .updater(new Adam(0.05))
                .dataSetFeatureMapping("x")
                .dataSetLabelMapping("label")
                .build());
        double before = loss(graph, images, labels);
        for (int step = 0; step < 80; step++) {
            graph.fit(new DataSet(images, labels));
        }

        assertThat(loss(graph, images, labels)).isLessThan(0.05 * before);
    }

    private static double loss(SameDiff graph, INDArray images, INDArray labels) {
        return graph.outputSingle(Map.of("x", images, "label", labels), "loss").getDouble(0);
    }

    @Test
    void severalThreads() throws Exception {
        PoolingWindow window = PoolingWindow.builder(2, 3).stride(1, 2).build();
        assumeAnyBatchSize(window);
        SameDiff graph = SameDiff.create();
        SDVariable x = graph.placeHolder("x", DataType.FLOAT, -1, 5, 40, 33);
        Conventions.pool(operator, graph, "y", x, window, Nd4j.create(DataType.FLOAT, 1, 5, 40, 33));
        ExecutorService threads = Executors.newFixedThreadPool(THREADS);
        try {
            List<Future<?>> results = new ArrayList<>();
            for (int thread = 0; thread < THREADS; thread++) {
                INDArray input = Nd4j.randn(DataType.FLOAT, 1 + thread, 5, 40, 33);
                INDArray expected = Conventions.pool(operator, input, window);
                results.add(threads.submit((Callable<Void>) () -> {
                    for (int run = 0; run < RUNS_PER_THREAD; run++) {
                        INDArray y = graph.outputSingle(Collections.singletonMap("x", input), "y");
                        Comparison.assertSameBits("output", y, expected);
                    }
                    return null;
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
