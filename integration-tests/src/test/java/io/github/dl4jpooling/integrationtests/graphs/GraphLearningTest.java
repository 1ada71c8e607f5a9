// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.layers.conf.AveragePooling;
import io.github.dl4jpooling.layers.conf.vertex.GraphAggregatePoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphNeighbourPoolVertex;
import io.github.dl4jpooling.ops.Aggregator;
import io.github.dl4jpooling.ops.Neighbourhood;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
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

/** Graph pooling learns what it is made for, and the same network with grid windows in its place does not. */
class GraphLearningTest {

    private static final int SIZE = 8;
    private static final int STEPS = 30; // from neighbour to neighbour
    private static final int COLOUR = 30;

    private static GraphBuilder graph(String... inputs) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Adam(0.05))
                .graphBuilder()
                .addInputs(inputs)
                .setOutputs("output");
    }

    private static ComputationGraph network(GraphBuilder graph, String pooled) {
        graph.addLayer("output", new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).nOut(2)
                .activation(Activation.SOFTMAX).build(), pooled);
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        return network;
    }

    private static double accuracy(ComputationGraph network, MultiDataSet training, MultiDataSet test, int epochs) {
        for (int epoch = 0; epoch < epochs; epoch++) {
            network.fit(training);
        }
        INDArray right = network.output(test.getFeatures())[0].argMax(1).eq(test.getLabels(0).argMax(1));
        return right.castTo(DataType.FLOAT).meanNumber().doubleValue();
    }

    /** Colours spread from pixel to pixel, along the region or everywhere; the answer is looked for at the question. */
    private static ComputationGraph spreading(boolean alongRegion) {
        GraphBuilder graph = graph("colours", "question", "region");
        InputType map = InputType.convolutional(SIZE, SIZE, 1);
        graph.setInputTypes(map, map, map);
        graph.addLayer("0", new ConvolutionLayer.Builder(1, 1).nOut(1).hasBias(false)
                .activation(Activation.IDENTITY).build(), "colours");
        for (int step = 1; step <= STEPS; step++) {
            String from = "" + (step - 1);
            if (alongRegion) {
                graph.addVertex("" + step, new GraphNeighbourPoolVertex(Neighbourhood.GRID_4, true), from, "region");
            } else {
                graph.addLayer("" + step, new AveragePooling.Builder(3, 3).stride(1, 1)
                        .convolutionMode(ConvolutionMode.Same).build(), from);
            }
        }
        graph.addVertex("asked", new ElementWiseVertex(ElementWiseVertex.Op.Product), "" + STEPS, "question");
        graph.addVertex("sum", new GraphAggregatePoolVertex(Neighbourhood.GRID_4, Aggregator.SUM, true), "asked",
                "region");
        return network(graph, "sum");
    }

    /**
     * Two paths, a straight one and one that turns back; both begin at a colour, and one of them, which the region
     * alone says, ends at the question. The label is the colour where that path begins.
     */
    private static MultiDataSet paths(int count, long seed) {
        Random random = new Random(seed);
        INDArray[] maps = new INDArray[3];
        for (int i = 0; i < maps.length; i++) {
            maps[i] = Nd4j.create(DataType.FLOAT, count, 1, SIZE, SIZE);
        }
        INDArray labels = Nd4j.create(DataType.FLOAT, count, 2);
        for (int n = 0; n < count; n++) {
            int row = random.nextInt(SIZE - 4);
            int column = random.nextInt(SIZE - 3);
            boolean flipped = random.nextBoolean();
            boolean fromFirst = random.nextBoolean();
            int first = random.nextBoolean() ? 1 : -1;
            int turn = fromFirst ? 0 : 2; // where the path to the question begins
            put(maps[0], n, row, column, flipped, first * COLOUR);
            put(maps[0], n, row + 2, column, flipped, -first * COLOUR);
            put(maps[1], n, row + 4, column, flipped, 1);
            for (int i = 0; i < 4; i++) {
                put(maps[2], n, row + turn, column + i, flipped, 1);
                put(maps[2], n, row + 4, column + i, flipped, 1);
            }
            for (int i = turn; i <= 4; i++) {
                put(maps[2], n, row + i, column + 3, flipped, 1);
            }
            for (int i = 0; i < 2; i++) {
                put(maps[2], n, row + 2 - turn, column + i, flipped, 1);
            }
            labels.putScalar(n, (first > 0) == fromFirst ? 0 : 1, 1);
        }
        return new MultiDataSet(maps, new INDArray[] {labels});
    }

    private static void put(INDArray map, int example, int row, int column, boolean flipped, double value) {
        map.putScalar(new int[] {example, 0, flipped ? column : row, flipped ? row : column}, value);
    }

    @Test
    void neighboursAlongARegionTellPathsApart() {
        assertThat(accuracy(spreading(true), paths(64, 1), paths(200, 2), 40)).isGreaterThan(0.95);
        assertThat(accuracy(spreading(false), paths(64, 1), paths(200, 2), 40)).isLessThan(0.65);
    }
}
