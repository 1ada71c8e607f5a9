// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.integrationtests.Doubles;
import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.layers.conf.AuxiliaryLoss;
import io.github.dl4jpooling.layers.conf.vertex.AttachVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphAggregatePoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphAssignmentEdgesVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphAssignmentLossVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphAssignmentPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphEdgePoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphNeighbourPoolVertex;
import io.github.dl4jpooling.layers.conf.vertex.GraphTopkPoolVertex;
import io.github.dl4jpooling.ops.Aggregator;
import io.github.dl4jpooling.ops.EdgeScore;
import io.github.dl4jpooling.ops.NeighbourNormalisation;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.NodeScore;
import io.github.dl4jpooling.ops.ScoreGate;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Networks with the vertices for graphs: regions of images, and lists of nodes with edges. */
class GraphVertexTest {

    private static final int FEATURES = 3;
    private static final int HEIGHT = 4;
    private static final int WIDTH = 5;
    private static final int NODES = 6;
    private static final int EDGES = 9;
    private static final int BATCH = 3;

    private interface Part {
        /** Adds vertices behind "map", and returns the name of the last. */
        String add(GraphBuilder graph, Case networks);
    }

    /** What is pooled and in which form. */
    private static final class Case {
        private final boolean grid;
        private final boolean channelsLast;

        Case(boolean grid, boolean channelsLast) {
            this.grid = grid;
            this.channelsLast = channelsLast;
        }

        Neighbourhood neighbourhood() {
            return grid ? Neighbourhood.GRID_8 : Neighbourhood.EDGES;
        }

        private Layer convolution(int channels) {
            return grid
                    ? new ConvolutionLayer.Builder(1, 1).nOut(channels)
                            .dataFormat(channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW).build()
                    : new Convolution1DLayer.Builder(1).nOut(channels)
                            .rnnDataFormat(channelsLast ? RNNFormat.NWC : RNNFormat.NCW).build();
        }

        /** Names of the inputs of a vertex: nodes, edges, region. */
        String[] with(String... nodes) {
            List<String> names = new ArrayList<>(Arrays.asList(nodes));
            if (!grid) {
                names.add("edges");
            }
            names.add("region");
            return names.toArray(new String[0]);
        }

        InputType[] types() {
            CNN2DFormat format = channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
            RNNFormat order = channelsLast ? RNNFormat.NWC : RNNFormat.NCW;
            return grid
                    ? new InputType[] {InputType.convolutional(HEIGHT, WIDTH, 2, format),
                        InputType.convolutional(HEIGHT, WIDTH, 1, format)}
                    : new InputType[] {InputType.recurrent(2, NODES, order), InputType.recurrent(2, EDGES),
                        InputType.feedForward(NODES)};
        }

        INDArray[] inputs(DataType type) {
            Nd4j.getRandom().setSeed(3);
            long[] shape = grid ? new long[] {BATCH, 2, HEIGHT, WIDTH} : new long[] {BATCH, 2, NODES};
            INDArray x = Nd4j.randn(type, shape);
            INDArray region = Nd4j.rand(DataType.FLOAT, grid
                    ? new long[] {BATCH, 1, HEIGHT, WIDTH}
                    : new long[] {BATCH, NODES}).gt(0.3).castTo(type);
            if (channelsLast) {
                x = (grid ? x.permute(0, 2, 3, 1) : x.permute(0, 2, 1)).dup('c');
                region = grid ? region.permute(0, 2, 3, 1).dup('c') : region;
            }
            INDArray edges = Nd4j.rand(DataType.FLOAT, BATCH, 2, EDGES).muli(NODES).castTo(DataType.INT64).castTo(type);
            edges.putScalar(0, 0, 4, -1);
            edges.putScalar(0, 1, 4, -1);
            for (int n = 0; n < BATCH; n++) {
                for (int e = 0; e < EDGES; e++) { // distinct
                    edges.putScalar(n, 0, e, e == 4 ? -1 : e % NODES);
                    edges.putScalar(n, 1, e, e == 4 ? -1 : (e + 1 + e / NODES + n) % NODES);
                }
            }
            return grid ? new INDArray[] {x, region} : new INDArray[] {x, edges, region};
        }
    }

    private static final Map<String, Part> PARTS = new LinkedHashMap<>();

    static {
        for (Aggregator aggregator : Aggregator.values()) {
            PARTS.put("aggregate " + aggregator, (graph, c) -> {
                Neighbourhood nodes = c.grid ? Neighbourhood.GRID_4 : Neighbourhood.NONE;
                graph.addVertex("pool", new GraphAggregatePoolVertex(nodes, aggregator, true), "map", "region");
                return "pool";
            });
        }
        PARTS.put("neighbours", (graph, c) -> {
            graph.addVertex("neighbours", new GraphNeighbourPoolVertex(
                    c.neighbourhood(), NeighbourNormalisation.SYMMETRIC, 1, c.grid ? 2 : 0, true), c.with("map"));
            return readout(graph, c, "neighbours");
        });
        for (NodeScore score : List.of(NodeScore.PROJECTION, NodeScore.CONVOLUTION)) {
            PARTS.put("top k " + score, (graph, c) -> {
                Neighbourhood nodes = c.grid || score == NodeScore.CONVOLUTION
                        ? c.neighbourhood()
                        : Neighbourhood.NONE;
                String[] inputs = nodes == Neighbourhood.NONE ? new String[] {"map", "region"} : c.with("map");
                graph.addVertex("top", new GraphTopkPoolVertex(nodes, score, ScoreGate.TANH, 0.5, true), inputs);
                return sum(graph, "top");
            });
        }
        PARTS.put("given scores", (graph, c) -> {
            Neighbourhood nodes = c.grid ? Neighbourhood.GRID_4 : Neighbourhood.NONE;
            graph.addLayer("score", c.convolution(1), "map");
            graph.addVertex("top", new GraphTopkPoolVertex(nodes, NodeScore.GIVEN, ScoreGate.SIGMOID, 0.4, true),
                    "map", "score", "region");
            return sum(graph, "top");
        });
        PARTS.put("edge contraction", (graph, c) -> {
            graph.addVertex("contracted", new GraphEdgePoolVertex(c.neighbourhood(), EdgeScore.SOFTMAX, true),
                    c.with("map"));
            return sum(graph, "contracted");
        });
        PARTS.put("assignment", (graph, c) -> {
            Neighbourhood nodes = c.grid ? Neighbourhood.GRID_8 : Neighbourhood.NONE;
            graph.addLayer("logits", c.convolution(2), "map");
            graph.addVertex("clusters", new GraphAssignmentPoolVertex(nodes, true), "map", "logits", "region");
            graph.addVertex("losses", new GraphAssignmentLossVertex(c.neighbourhood(), 1, 0.7, true),
                    c.with("logits"));
            graph.addLayer("auxiliary", new AuxiliaryLoss(0.5), "losses");
            graph.addVertex("attached", new AttachVertex(), "clusters", "auxiliary");
            return sum(graph, "attached");
        });
        PARTS.put("links", (graph, c) -> {
            graph.addLayer("logits", c.convolution(2), "map");
            graph.addVertex("links", new GraphAssignmentEdgesVertex(c.neighbourhood(), true), c.with("logits"));
            return "links";
        });
    }

    private static String readout(GraphBuilder graph, Case c, String nodes) {
        graph.addVertex("readout", new GraphAggregatePoolVertex(
                c.grid ? Neighbourhood.GRID_4 : Neighbourhood.NONE, Aggregator.MEAN, true), nodes, "region");
        return "readout";
    }

    private static String sum(GraphBuilder graph, String list) {
        graph.addVertex("sum", new GraphAggregatePoolVertex(Neighbourhood.NONE, Aggregator.SUM, false), list);
        return "sum";
    }

    private static ComputationGraph network(
            Case c, Part part, DataType type, IUpdater updater, WorkspaceMode workspaces) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(type)
                .updater(updater)
                .activation(Activation.TANH)
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .graphBuilder()
                .addInputs(c.grid ? List.of("input", "region") : List.of("input", "edges", "region"))
                .setInputTypes(c.types())
                .addLayer("map", c.convolution(FEATURES), "input");
        graph.addLayer("output", new OutputLayer.Builder(LossFunctions.LossFunction.MSE).nOut(2)
                .activation(Activation.IDENTITY).build(), part.add(graph, c));
        ComputationGraphConfiguration configuration = graph.setOutputs("output").allowDisconnected(true).build();
        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson())).isEqualTo(configuration);
        assertThat(ComputationGraphConfiguration.fromYaml(configuration.toYaml())).isEqualTo(configuration);
        if (c.grid) { // DL4J has no report for convolutions of sequences
            assertThat(configuration.getMemoryReport(c.types())).isNotNull();
        }
        ComputationGraph network = new ComputationGraph(configuration);
        network.init();
        return network;
    }

    private interface Check {
        void run(Case c, Part part) throws IOException;
    }

    /** Without those that have no gradient of DL4J's: of convolutions of sequences with the channels last. */
    private static Stream<DynamicTest> trainableParts(Check check) {
        return everyPart(check).filter(test -> !test.getDisplayName().endsWith("list, channels last"));
    }

    private static Stream<DynamicTest> everyPart(Check check) {
        List<DynamicTest> tests = new ArrayList<>();
        PARTS.forEach((name, part) -> {
            for (boolean grid : new boolean[] {true, false}) {
                for (boolean last : new boolean[] {false, true}) {
                    tests.add(DynamicTest.dynamicTest(
                            name + (grid ? ", image" : ", list") + (last ? ", channels last" : ""),
                            () -> check.run(new Case(grid, last), part)));
                }
            }
        });
        return tests.stream();
    }

    private static INDArray labels(DataType type) {
        Nd4j.getRandom().setSeed(9);
        return Nd4j.rand(DataType.FLOAT, BATCH, 2).castTo(type);
    }

    /** Parameters before and in the vertices; the losses of assignment are part of the score. */
    @TestFactory
    Stream<DynamicTest> gradients() {
        return trainableParts((c, part) -> Doubles.byDefault(() -> {
            ComputationGraph network = network(c, part, DataType.DOUBLE, new NoOp(), WorkspaceMode.NONE);
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                    .net(network)
                    .inputs(c.inputs(DataType.DOUBLE))
                    .labels(new INDArray[] {labels(DataType.DOUBLE)})
                    .epsilon(1e-6)
                    .maxRelError(1e-5)
                    .minAbsoluteError(1e-8)
                    .print(GradientCheckUtil.PrintMode.FAILURES_ONLY)))
                            .isTrue();
        }));
    }

    @TestFactory
    Stream<DynamicTest> training() {
        return trainableParts((c, part) -> {
            ComputationGraph with = network(c, part, DataType.FLOAT, new Adam(0.01), WorkspaceMode.ENABLED);
            ComputationGraph without = network(c, part, DataType.FLOAT, new Adam(0.01), WorkspaceMode.NONE);
            MultiDataSet data = new MultiDataSet(c.inputs(DataType.FLOAT), new INDArray[] {labels(DataType.FLOAT)});
            double before = with.score(data);
            INDArray first = with.params().dup();
            for (int step = 0; step < 15; step++) {
                with.fit(data);
                without.fit(data);
            }
            assertThat(with.score(data)).isLessThan(0.99 * before);
            assertThat(with.params().distance2(first)).isPositive();
            Comparison.assertSameBits("parameters", without.params(), with.params());
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ModelSerializer.writeModel(with, bytes, true);
            ComputationGraph restored =
                    ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes.toByteArray()), true);
            INDArray[] inputs = c.inputs(DataType.FLOAT);
            Comparison.assertSameBits("output", restored.outputSingle(inputs), with.outputSingle(inputs));
            Comparison.assertSameBits("output", with.clone().outputSingle(inputs), with.outputSingle(inputs));
        });
    }

    /** What stands outside the region does not matter. */
    @TestFactory
    Stream<DynamicTest> regions() {
        return everyPart((c, part) -> {
            ComputationGraph network = network(c, part, DataType.DOUBLE, new NoOp(), WorkspaceMode.ENABLED);
            INDArray[] inputs = c.inputs(DataType.DOUBLE);
            INDArray y = network.outputSingle(inputs);
            INDArray outside = inputs[inputs.length - 1].rsub(1);
            if (!c.grid) {
                outside = c.channelsLast
                        ? outside.reshape(BATCH, NODES, 1)
                        : outside.reshape(BATCH, 1, NODES);
            }
            inputs[0].addi(outside.mul(7).broadcast(inputs[0].shape()));
            Comparison.assertSameBits("output", network.outputSingle(inputs), y);
            inputs[inputs.length - 1].assign(0);
            assertThat(network.outputSingle(inputs).distance2(y)).isPositive();
        });
    }

    /** DL4J's masks say the same as a region, also for the list of the nodes that stay. */
    @Test
    void masksOfSequences() {
        Supplier<GraphBuilder> start = () -> new NeuralNetConfiguration.Builder().seed(5).dataType(DataType.DOUBLE)
                .graphBuilder().addInputs("input", "region")
                .setInputTypes(InputType.recurrent(2, NODES), InputType.feedForward(NODES));
        List<INDArray> results = new ArrayList<>();
        for (boolean region : new boolean[] {true, false}) {
            GraphBuilder graph = start.get();
            String[] nodes = region ? new String[] {"input", "region"} : new String[] {"input"};
            graph.addVertex("top", new GraphTopkPoolVertex(
                    Neighbourhood.NONE, NodeScore.PROJECTION, ScoreGate.TANH, 0.5, region), nodes);
            graph.addVertex("sum", new GraphAggregatePoolVertex(Neighbourhood.NONE, Aggregator.SUM, false), "top");
            graph.addVertex("mean", new GraphAggregatePoolVertex(Neighbourhood.NONE, Aggregator.MEAN, false), "top");
            graph.setOutputs("sum", "mean").allowDisconnected(true);
            ComputationGraph network = new ComputationGraph(graph.build());
            network.init();
            INDArray x = Nd4j.linspace(1, 2 * NODES, 2 * NODES, DataType.DOUBLE).reshape(1, 2, NODES);
            INDArray mask = Nd4j.createFromArray(1.0, 1, 0, 1, 1, 0).reshape(1, NODES);
            if (!region) {
                network.setLayerMaskArrays(new INDArray[] {mask, null}, null);
            }
            INDArray[] outputs = network.output(x, mask);
            results.add(outputs[0]);
            if (!region) { // 2 of 3 places are nodes
                assertThat(outputs[1].getDouble(0)).isEqualTo(outputs[0].getDouble(0) / 2, within(1e-12));
            }
        }
        assertThat(results.get(0).equalsWithEps(results.get(1), 1e-12)).isTrue();
    }

    @Test
    void errors() {
        assertThatThrownBy(() -> new GraphTopkPoolVertex(
                Neighbourhood.NONE, NodeScore.CONVOLUTION, ScoreGate.TANH, 0.5, false))
                        .isInstanceOf(DL4JInvalidConfigException.class)
                        .hasMessageContaining("GraphTopkPoolVertex").hasMessageContaining("neighbourhood")
                        .hasMessageContaining("got NONE");
        assertThatThrownBy(() -> new GraphTopkPoolVertex(
                Neighbourhood.GRID_4, NodeScore.PROJECTION, ScoreGate.TANH, 1.5, false))
                        .hasMessageContaining("ratio must be").hasMessageContaining("got 1.5");
        assertThatThrownBy(() -> new AuxiliaryLoss(Double.NaN)).hasMessageContaining("weight must be finite, got NaN");
        assertThatThrownBy(() -> new GraphNeighbourPoolVertex(Neighbourhood.GRID_4, false)
                .getOutputType(0, InputType.recurrent(3, 5)))
                        .isInstanceOf(InvalidInputTypeException.class)
                        .hasMessageContaining("takes images for the neighbourhood GRID_4");
        Case c = new Case(true, false);
        ComputationGraph network =
                network(c, PARTS.get("neighbours"), DataType.FLOAT, new NoOp(), WorkspaceMode.ENABLED);
        INDArray[] inputs = c.inputs(DataType.FLOAT);
        assertThatThrownBy(() -> network.output(inputs[0], Nd4j.ones(BATCH, 1, HEIGHT, 2)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("neighbours").hasMessageContaining("region must have shape")
                .hasMessageContaining("[3, 1, 4, 2]");
        Case list = new Case(false, false);
        ComputationGraph lists =
                network(list, PARTS.get("neighbours"), DataType.FLOAT, new NoOp(), WorkspaceMode.ENABLED);
        INDArray[] wrong = list.inputs(DataType.FLOAT);
        wrong[1].putScalar(1, 0, 2, NODES);
        assertThatThrownBy(() -> lists.output(wrong)).isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("edges must hold numbers of nodes, from 0 to 5").hasMessageContaining("got 6");
    }
}
