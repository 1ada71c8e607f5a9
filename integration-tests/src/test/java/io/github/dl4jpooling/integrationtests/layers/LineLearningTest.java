// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.layers.conf.AveragePooling;
import io.github.dl4jpooling.layers.conf.CornerPooling;
import io.github.dl4jpooling.layers.conf.OrientedPooling;
import io.github.dl4jpooling.ops.CornerPool.Edge;
import io.github.dl4jpooling.ops.Orientation;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Oriented and corner pooling learn what they are made for, better than the same network without them. */
class LineLearningTest {

    private static final int SIZE = 20;
    private static final int BAR = 9;
    private static final int SMALL = 18;

    private static GraphBuilder graph(int size) {
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Adam(0.03))
                .graphBuilder()
                .addInputs("input")
                .setInputTypes(InputType.convolutional(size, size, 1))
                .setOutputs("output");
    }

    private static ComputationGraph network(GraphBuilder graph) {
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        return network;
    }

    /** Four numbers: the largest response of each pooling; for one pooling four times the same. */
    private static ComputationGraph barNetwork(boolean oriented) {
        GraphBuilder graph = graph(SIZE);
        for (Orientation orientation : Orientation.values()) {
            Layer pooling = oriented
                    ? new OrientedPooling.Builder(BAR).orientation(orientation).build()
                    : new AveragePooling.Builder(3, 3).stride(1, 1).convolutionMode(ConvolutionMode.Same).build();
            graph.addLayer("pool " + orientation, pooling, "input");
            graph.addLayer("" + orientation, new GlobalPoolingLayer(PoolingType.MAX), "pool " + orientation);
        }
        graph.addVertex("merge", new MergeVertex(), "HORIZONTAL", "VERTICAL", "DIAGONAL", "ANTIDIAGONAL");
        graph.addLayer("output", new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).nOut(4)
                .activation(Activation.SOFTMAX).build(), "merge");
        return network(graph);
    }

    /** Noise with a faint bar of one of four directions; the label is its direction. */
    private static DataSet bars(int count, long seed) {
        Random random = new Random(seed);
        INDArray images = Nd4j.create(DataType.FLOAT, count, 1, SIZE, SIZE);
        INDArray labels = Nd4j.create(DataType.FLOAT, count, 4);
        int[][] steps = {{0, 1}, {1, 0}, {1, 1}, {1, -1}};
        for (int example = 0; example < count; example++) {
            for (int i = 0; i < SIZE; i++) {
                for (int j = 0; j < SIZE; j++) {
                    images.putScalar(new int[] {example, 0, i, j}, random.nextGaussian());
                }
            }
            int[] step = steps[example % 4];
            int row = BAR / 2 + random.nextInt(SIZE - BAR + 1);
            int column = BAR / 2 + random.nextInt(SIZE - BAR + 1);
            for (int t = -BAR / 2; t <= BAR / 2; t++) {
                int[] at = {example, 0, row + t * step[0], column + t * step[1]};
                images.putScalar(at, images.getDouble(at) + 2);
            }
            labels.putScalar(example, example % 4, 1);
        }
        return new DataSet(images, labels);
    }

    private static double accuracyForBars(boolean oriented) {
        ComputationGraph network = barNetwork(oriented);
        DataSet training = bars(200, 1);
        for (int step = 0; step < 80; step++) {
            network.fit(training);
        }
        DataSet test = bars(200, 2);
        INDArray right = network.outputSingle(test.getFeatures()).argMax(1).eq(test.getLabels().argMax(1));
        return right.castTo(DataType.FLOAT).meanNumber().doubleValue();
    }

    @Test
    void orientedPoolingFindsBars() {
        assertThat(accuracyForBars(true)).isGreaterThan(0.8);
        assertThat(accuracyForBars(false)).isLessThan(0.5); // a square window of the same area
    }

    /** Two convolutions, with or without corner pooling behind them, whose sum is looked at place by place. */
    private static ComputationGraph cornerNetwork(boolean pooled) {
        GraphBuilder graph = graph(SMALL);
        String[] ends = {"top", "left"};
        Edge[] edges = {Edge.TOP, Edge.LEFT};
        for (int i = 0; i < ends.length; i++) {
            graph.addLayer(ends[i] + " convolution", new ConvolutionLayer.Builder(3, 3).nOut(3)
                    .convolutionMode(ConvolutionMode.Same).activation(Activation.RELU).build(), "input");
            if (pooled) {
                graph.addLayer(ends[i], new CornerPooling.Builder(edges[i]).build(), ends[i] + " convolution");
            } else {
                graph.addLayer(ends[i], new ConvolutionLayer.Builder(1, 1).nOut(3).activation(Activation.IDENTITY)
                        .build(), ends[i] + " convolution");
            }
        }
        graph.addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), ends);
        graph.addLayer("mixed", new ConvolutionLayer.Builder(3, 3).nOut(4)
                .convolutionMode(ConvolutionMode.Same).activation(Activation.RELU).build(), "sum");
        graph.addLayer("score", new ConvolutionLayer.Builder(1, 1).nOut(1).activation(Activation.IDENTITY).build(),
                "mixed");
        // One of all places: DL4J makes a row of the map.
        graph.addLayer("output", new LossLayer.Builder(LossFunctions.LossFunction.MCXENT)
                .activation(Activation.SOFTMAX).build(), "score");
        return network(graph);
    }

    /** Diamonds; the label is the upper left corner of their box, which no edge comes near. */
    private static DataSet diamonds(int count, long seed) {
        Random random = new Random(seed);
        INDArray images = Nd4j.create(DataType.FLOAT, count, 1, SMALL, SMALL);
        INDArray labels = Nd4j.create(DataType.FLOAT, count, SMALL * SMALL);
        for (int example = 0; example < count; example++) {
            double a = 5 + random.nextInt(2);
            double b = 5 + random.nextInt(2);
            int row = (int) a + random.nextInt(SMALL - 2 * (int) a);
            int column = (int) b + random.nextInt(SMALL - 2 * (int) b);
            for (int i = 0; i < SMALL; i++) {
                for (int j = 0; j < SMALL; j++) {
                    double distance = Math.abs(i - row) / a + Math.abs(j - column) / b;
                    images.putScalar(new int[] {example, 0, i, j}, distance <= 1 ? 1 : 0);
                }
            }
            labels.putScalar(example, (row - (int) a) * SMALL + column - (int) b, 1);
        }
        return new DataSet(images, labels);
    }

    private static double cornersFound(boolean pooled) {
        ComputationGraph network = cornerNetwork(pooled);
        DataSet training = diamonds(32, 1);
        for (int step = 0; step < 150; step++) {
            network.fit(training);
        }
        DataSet test = diamonds(100, 2);
        INDArray right = network.outputSingle(test.getFeatures()).argMax(1).eq(test.getLabels().argMax(1));
        return right.castTo(DataType.FLOAT).meanNumber().doubleValue();
    }

    @Test
    void cornerPoolingFindsCorners() {
        double with = cornersFound(true);
        double without = cornersFound(false);
        assertThat(with).isGreaterThan(0.8);
        assertThat(without).isLessThan(0.6 * with);
    }
}
