// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.graphs;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.layers.conf.vertex.GraphAggregatePoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphTopkPoolVertex;
import io.github.dl4jpooling.ops.Aggregator;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.NodeScore;
import io.github.dl4jpooling.ops.ScoreGate;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
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
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Which nodes stay is learned. Every node has a payload, and the label is that of one node, which a marker points out;
 * scores start at a feature that is noise, so that this node stays as rarely as any other. The readout knows from the
 * start where the payload stands, not of which node: that has to come through the gates of the nodes that stay.
 */
class GraphChoiceLearningTest {

    private static final int PAIRS = 6;
    private static final int NODES = 2 * PAIRS;
    private static final int MARKER = 0;
    private static final int PAYLOAD = 1;
    private static final int NOISE = 2;
    private static final int FEATURES = 3;
    private static final double LARGE = 2; // payload of nodes that say nothing, in sizes of the one that does
    private static final double RATE = 0.03;
    private static final int BATCH = 64;
    private static final int KEPT = 2;

    /** Where the marker is: on the node with the label, or on the other node of its pair. */
    private static MultiDataSet graphs(int count, boolean besides, long seed) {
        Random random = new Random(seed);
        float[][][] nodes = new float[count][FEATURES][NODES];
        float[][][] edges = new float[count][2][NODES];
        float[][] labels = new float[count][2];
        for (int n = 0; n < count; n++) {
            int told = random.nextInt(NODES);
            int label = random.nextInt(2);
            for (int node = 0; node < NODES; node++) {
                double sign = node == told ? 2 * label - 1 : LARGE * (2 * random.nextInt(2) - 1);
                nodes[n][PAYLOAD][node] = (float) (sign * (0.5 + random.nextDouble()));
                nodes[n][NOISE][node] = (float) random.nextGaussian();
                edges[n][0][node] = node;
                edges[n][1][node] = node ^ 1;
            }
            int marked = besides ? told ^ 1 : told;
            nodes[n][PAYLOAD][marked] *= besides ? 0 : 1;
            nodes[n][MARKER][marked] = 1;
            labels[n][label] = 1;
        }
        return new MultiDataSet(
                new INDArray[] {Nd4j.createFromArray(nodes), Nd4j.createFromArray(edges)},
                new INDArray[] {Nd4j.createFromArray(labels)});
    }

    private static ComputationGraph network(NodeScore score, IUpdater ofScores) {
        boolean convolution = score == NodeScore.CONVOLUTION;
        GraphTopkPoolVertex choice = new GraphTopkPoolVertex(
                convolution ? Neighbourhood.EDGES : Neighbourhood.NONE, score, ScoreGate.TANH, (double) KEPT / NODES,
                false);
        choice.setUpdater(ofScores);
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Adam(RATE))
                .graphBuilder()
                .addInputs("nodes", "edges")
                .setInputTypes(InputType.recurrent(FEATURES, NODES), InputType.recurrent(2, NODES))
                .addVertex("choice", choice, convolution ? new String[] {"nodes", "edges"} : new String[] {"nodes"})
                .addVertex("sum", new GraphAggregatePoolVertex(Neighbourhood.NONE, Aggregator.SUM, false), "choice")
                .addLayer("output", new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT).nOut(2)
                        .activation(Activation.SOFTMAX).build(), "sum")
                .setOutputs("output")
                .allowDisconnected(true);
        ComputationGraph network = new ComputationGraph(graph.build());
        network.init();
        network.paramTable().get("choice_weights").assign(Nd4j.createFromArray(0f, 0f, 1f));
        network.paramTable().get("output_W").assign(Nd4j.createFromArray(new float[][] {{0, 0}, {-1, 1}, {0, 0}}));
        return network;
    }

    private static ComputationGraph trained(NodeScore score, boolean besides, IUpdater ofScores) {
        ComputationGraph network = network(score, ofScores);
        for (int step = 0; step < 150; step++) {
            network.fit(graphs(BATCH, besides, 1000 + step));
        }
        return network;
    }

    private static double accuracy(ComputationGraph network, boolean besides) {
        MultiDataSet test = graphs(400, besides, 1);
        INDArray right = network.output(test.getFeatures())[0].argMax(1).eq(test.getLabels(0).argMax(1));
        return right.castTo(DataType.FLOAT).meanNumber().doubleValue();
    }

    private static void assertLooksForTheMarker(ComputationGraph network) {
        double[] weights = network.paramTable().get("choice_weights").toDoubleVector();
        assertThat(weights[MARKER]).isGreaterThan(3 * Math.abs(weights[PAYLOAD]))
                .isGreaterThan(3 * Math.abs(weights[NOISE]));
    }

    @Test
    void aProjectionLearnsWhichNodesCount() {
        ComputationGraph network = trained(NodeScore.PROJECTION, false, new Adam(RATE));
        assertThat(accuracy(network, false)).isGreaterThan(0.95);
        assertLooksForTheMarker(network);
        ComputationGraph frozen = trained(NodeScore.PROJECTION, false, new Sgd(0));
        assertThat(accuracy(frozen, false)).isLessThan(0.65);
    }

    /** The node itself has nothing to be told by: its neighbour has. */
    @Test
    void aGraphConvolutionLearnsWhichNeighboursCount() {
        ComputationGraph network = trained(NodeScore.CONVOLUTION, true, new Adam(RATE));
        assertThat(accuracy(network, true)).isGreaterThan(0.95);
        assertLooksForTheMarker(network);
        assertThat(accuracy(trained(NodeScore.CONVOLUTION, true, new Sgd(0)), true)).isLessThan(0.65);
        assertThat(accuracy(trained(NodeScore.PROJECTION, true, new Adam(RATE)), true)).isLessThan(0.65);
    }
}
