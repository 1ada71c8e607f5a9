// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.graphs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.oracle.PlainArray;
import io.github.dl4jpooling.ops.Aggregator;
import io.github.dl4jpooling.ops.EdgeScore;
import io.github.dl4jpooling.ops.GraphAggregatePool;
import io.github.dl4jpooling.ops.GraphAssignmentEdges;
import io.github.dl4jpooling.ops.GraphAssignmentLoss;
import io.github.dl4jpooling.ops.GraphAssignmentPool;
import io.github.dl4jpooling.ops.GraphEdgePool;
import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.GraphNeighbourPool;
import io.github.dl4jpooling.ops.GraphOp;
import io.github.dl4jpooling.ops.GraphTopkPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.NeighbourNormalisation;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.NodeScore;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.ScoreGate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** Ops on graphs: masks, graphs without nodes, hostile values, known results, errors. */
class GraphOpTest {

    private static final int EXAMPLES = 3;
    private static final int FEATURES = 3;

    private static GraphLayout layout(Neighbourhood neighbourhood, boolean weighted) {
        return GraphLayout.builder(neighbourhood).masked(true).weighted(weighted).build();
    }

    private static List<PoolingOp> masked() {
        List<PoolingOp> ops = new ArrayList<>();
        for (Aggregator aggregator : Aggregator.values()) {
            ops.add(new GraphAggregatePool(2, false, aggregator, true));
        }
        ops.add(new GraphAssignmentPool(2, false, true));
        for (Neighbourhood neighbourhood : List.of(Neighbourhood.GRID_4, Neighbourhood.EDGES)) {
            boolean isGrid = neighbourhood.isGrid();
            GraphLayout plain = layout(neighbourhood, false);
            GraphLayout weighted = layout(neighbourhood, !isGrid);
            for (NeighbourNormalisation normalisation : NeighbourNormalisation.values()) {
                ops.add(new GraphNeighbourPool(weighted, normalisation, 0, isGrid ? 2 : 0));
            }
            ops.add(new GraphTopkPool(plain, NodeScore.PROJECTION, ScoreGate.TANH, 0.5));
            ops.add(new GraphTopkPool(weighted, NodeScore.CONVOLUTION, ScoreGate.SIGMOID, 0.5));
            ops.add(new GraphTopkPool(plain, NodeScore.GIVEN, ScoreGate.LINEAR, 0.5));
            ops.add(new GraphAssignmentEdges(weighted));
            ops.add(new GraphAssignmentLoss(plain, 1, 1));
            ops.add(new GraphEdgePool(plain, EdgeScore.SOFTMAX));
        }
        return ops;
    }

    private static INDArray random(long... shape) {
        return Arrays.stream(shape).anyMatch(size -> size == 0)
                ? Nd4j.create(DataType.FLOAT, shape)
                : Nd4j.randn(DataType.FLOAT, shape);
    }

    /** Nodes 0 to 11 of a grid of 3 by 4, or in a list, where each is linked to the next. */
    private static INDArray[] inputs(PoolingOp op, long examples) {
        Nd4j.getRandom().setSeed(4);
        boolean isGrid = !(op instanceof GraphOp) || ((GraphOp) op).layout().neighbourhood().isGrid();
        long[] shape = isGrid ? new long[] {examples, FEATURES, 3, 4} : new long[] {examples, FEATURES, 12};
        List<INDArray> inputs = new ArrayList<>(List.of(random(shape)));
        if (op instanceof GraphOp) {
            ((GraphOp) op).furtherShapes(shape).values().forEach(further -> inputs.add(random(further)));
        } else if (op instanceof GraphAssignmentPool) {
            inputs.add(random(examples, 2, 3, 4));
        } else if (op.differentiableInputs() > 1) {
            inputs.add(Nd4j.createFromArray(1.5f));
        }
        if (op.inputNames().contains("edgeWeights")) {
            inputs.add(examples == 0 ? random(0, 24) : Nd4j.rand(DataType.FLOAT, examples, 24).addi(0.1));
        }
        if (op.inputNames().contains("edges")) {
            INDArray edges = Nd4j.create(DataType.INT64, examples, 2, 24);
            for (int n = 0; n < examples; n++) {
                for (int e = 0; e < 24; e++) {
                    edges.putScalar(n, 0, e, e < 12 ? e : (e % 12 + 1) % 12);
                    edges.putScalar(n, 1, e, e < 12 ? (e + 1) % 12 : e % 12);
                }
            }
            inputs.add(edges);
        }
        long[] maskShape = isGrid ? new long[] {examples, 3, 4} : new long[] {examples, 12};
        inputs.add(examples == 0 ? random(maskShape) : Nd4j.ones(DataType.FLOAT, maskShape));
        return inputs.toArray(new INDArray[0]);
    }

    private static Stream<DynamicTest> each(Consumer<PoolingOp> test) {
        return masked().stream().map(op -> DynamicTest.dynamicTest(op.toString(), () -> test.accept(op)));
    }

    private static INDArray[] gradients(PoolingOp op, INDArray[] outputs, INDArray... inputs) {
        INDArray gradient = outputs[0].isEmpty() ? outputs[0] : Nd4j.ones(DataType.FLOAT, outputs[0].shape());
        return new NDPooling().gradients(op, gradient, outputs, inputs);
    }

    /** Not even NaN gets through a mask; a graph without nodes gives 0 everywhere. */
    @TestFactory
    Stream<DynamicTest> masksHideEverything() {
        return each(op -> {
            INDArray[] inputs = inputs(op, EXAMPLES);
            INDArray mask = inputs[inputs.length - 1];
            INDArray list = mask.reshape(EXAMPLES, 12);
            list.putScalar(0, 1, 0);
            list.putScalar(0, 7, 0);
            list.getRow(1).assign(0);
            INDArray[] outputs = new NDPooling().outputs(op, inputs);
            INDArray[] gradients = gradients(op, outputs, inputs);
            int perNode = op.inputNames().contains("logits") || op.inputNames().contains("score") ? 2 : 1;
            for (int input = 0; input < perNode; input++) {
                INDArray nodes = inputs[input].reshape(EXAMPLES, -1, 12);
                for (int c = 0; c < nodes.size(1); c++) {
                    nodes.putScalar(0, c, 1, Double.NaN);
                    nodes.putScalar(0, c, 7, Double.POSITIVE_INFINITY);
                    nodes.putScalar(1, c, 2, Double.NaN);
                }
            }
            INDArray[] again = new NDPooling().outputs(op, inputs);
            for (int i = 0; i < outputs.length; i++) {
                Comparison.assertSameBits(op.outputNames().get(i), again[i], outputs[i]);
            }
            assertThat(outputs[0].slice(1).amaxNumber().doubleValue()).isZero();
            assertThat(outputs[0].slice(0).amaxNumber().doubleValue()).isPositive();
            INDArray[] gradientsAgain = gradients(op, again, inputs);
            for (int i = 0; i < gradients.length; i++) {
                Comparison.assertSameBits(op.inputNames().get(i), gradientsAgain[i], gradients[i]);
                assertThat(Double.isFinite(gradients[i].sumNumber().doubleValue())).isTrue();
            }
            INDArray ofNodes = gradients[0].dup('c').reshape(EXAMPLES, -1, 12);
            for (int c = 0; c < ofNodes.size(1); c++) {
                assertThat(ofNodes.getDouble(0, c, 1)).isZero();
                assertThat(ofNodes.getDouble(0, c, 7)).isZero();
                assertThat(ofNodes.getDouble(1, c, 2)).isZero();
            }
        });
    }

    /** Numbers at the ends of the range of float: results may be infinite, but are none of them NaN. */
    @TestFactory
    Stream<DynamicTest> finiteInputGivesNoNaN() {
        return each(op -> {
            for (float magnitude : new float[] {1e-38f, 1e19f, 1e30f}) {
                INDArray[] inputs = inputs(op, EXAMPLES);
                boolean products = op instanceof GraphTopkPool || op instanceof GraphEdgePool;
                float scale = products && magnitude > 1 ? 1e15f : magnitude; // whose products overflow else
                inputs[0].muli(scale);
                INDArray[] outputs = new NDPooling().outputs(op, inputs);
                assertThat(outputs[0].isNaN().any()).as("output of %s", scale).isFalse();
                if (!(op instanceof GraphNeighbourPool) || magnitude < 1e20f) {
                    for (INDArray gradient : gradients(op, outputs, inputs)) {
                        assertThat(gradient.isNaN().any()).as("gradient of %s", scale).isFalse();
                    }
                }
            }
        });
    }

    @TestFactory
    Stream<DynamicTest> noExamples() {
        return each(op -> {
            INDArray[] inputs = inputs(op, 0);
            INDArray[] outputs = new NDPooling().outputs(op, inputs);
            assertThat(outputs[0].size(0)).isZero();
            INDArray[] gradients = gradients(op, outputs, inputs);
            for (int i = 0; i < gradients.length; i++) {
                assertThat(gradients[i].shape()).containsExactly(inputs[i].shape());
                assertThat(gradients[i].isEmpty() || gradients[i].amaxNumber().doubleValue() == 0).isTrue();
            }
        });
    }

    /** Kernels only: matrix products are ND4J's. */
    @TestFactory
    Stream<DynamicTest> sameBitsForAnyNumberOfThreads() {
        GraphLayout grid = GraphLayout.builder(Neighbourhood.GRID_8).build();
        List<PoolingOp> ops = new ArrayList<>(List.of(
                new GraphNeighbourPool(grid, NeighbourNormalisation.SYMMETRIC, 1, 3),
                new GraphNeighbourPool(GraphLayout.builder(Neighbourhood.GRID_4).channelsLast(true).build())));
        for (Aggregator aggregator : Aggregator.values()) {
            ops.add(new GraphAggregatePool(aggregator));
        }
        return ops.stream().map(op -> DynamicTest.dynamicTest(op.toString(), () -> {
            INDArray x = Nd4j.randn(DataType.FLOAT, 2, 30, 40, 5);
            INDArray[] inputs = op.inputNames().size() > 1
                    ? new INDArray[] {x, Nd4j.createFromArray(1.3f)}
                    : new INDArray[] {x};
            NativeOps nd4j = NativeOpsHolder.getInstance().getDeviceNativeOps();
            int before = nd4j.ompGetMaxThreads();
            try {
                nd4j.setOmpNumThreads(1);
                INDArray[] outputs = new NDPooling().outputs(op, inputs);
                INDArray[] gradients = gradients(op, outputs, inputs);
                IntStream.of(2, 3, 8).forEach(threads -> {
                    nd4j.setOmpNumThreads(threads);
                    INDArray[] again = new NDPooling().outputs(op, inputs);
                    Comparison.assertSameBits("output", again[0], outputs[0]);
                    INDArray[] gradientsAgain = gradients(op, again, inputs);
                    for (int i = 0; i < gradients.length; i++) {
                        Comparison.assertSameBits("gradient " + i, gradientsAgain[i], gradients[i]);
                    }
                });
            } finally {
                nd4j.setOmpNumThreads(before);
            }
        }));
    }

    private static void assertSame(INDArray actual, INDArray expected) {
        Comparison.assertClose("output", PlainArray.of(actual, false), PlainArray.of(expected, false), v -> 1e-12);
    }

    @Test
    void knownResults() {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 4, 5);
        NDPooling pooling = new NDPooling();
        assertSame(pooling.pool(new GraphAggregatePool(Aggregator.MEAN), x), x.mean(2, 3));
        assertSame(pooling.pool(new GraphAggregatePool(Aggregator.MAX), x), x.max(2, 3));
        assertSame(pooling.pool(new GraphAggregatePool(Aggregator.SOFTMAX), x, Nd4j.createFromArray(0.0)),
                x.mean(2, 3));
        GraphLayout grid = GraphLayout.builder(Neighbourhood.GRID_4).build();
        INDArray constant = Nd4j.valueArrayOf(x.shape(), 2.5, DataType.DOUBLE);
        assertSame(pooling.pool(new GraphNeighbourPool(grid), constant), constant);
        assertSame(pooling.pool(new GraphNeighbourPool(grid, NeighbourNormalisation.MEAN, 1, 1e-9), x), x);
        assertSame(pooling.pool(new GraphTopkPool(grid, NodeScore.GIVEN, ScoreGate.LINEAR, 1), x,
                Nd4j.ones(DataType.DOUBLE, 2, 4, 5)), x.reshape(2, 3, 20));
        assertSame(pooling.pool(new GraphAssignmentPool(2, false, false), x, Nd4j.zeros(DataType.DOUBLE, 2, 2, 4, 5)),
                Nd4j.stack(2, x.sum(2, 3).div(2), x.sum(2, 3).div(2)));
    }

    /** Of equal scores the first nodes stay, and the first edges are contracted. */
    @Test
    void ties() {
        INDArray x = Nd4j.ones(DataType.FLOAT, 1, 1, 2, 3);
        GraphLayout grid = GraphLayout.builder(Neighbourhood.GRID_4).build();
        INDArray index = new NDPooling().outputs(
                new GraphTopkPool(grid, NodeScore.PROJECTION, ScoreGate.TANH, 0.5), x, Nd4j.createFromArray(1f))[1];
        assertThat(index.toLongMatrix()[0]).containsExactly(0, 1, 2);
        INDArray[] contracted = new NDPooling().outputs(new GraphEdgePool(grid, EdgeScore.TANH), x,
                Nd4j.zeros(DataType.FLOAT, 2, 1), Nd4j.zeros(DataType.FLOAT, 1));
        assertThat(contracted[1].toLongMatrix()[0]).containsExactly(0, 0, 1, 2, 2, 1);
        assertThat(contracted[0].reshape(6).toFloatVector()).containsExactly(1, 1, 1, 0, 0, 0);
    }

    /** Clusters that are cliques are linked to themselves alone, and the losses of a perfect assignment vanish. */
    @Test
    void perfectClusters() {
        GraphLayout edges = GraphLayout.builder(Neighbourhood.EDGES).build();
        // Two cliques of two nodes, each also linked to itself.
        INDArray list = Nd4j.createFromArray(
                new long[][][] {{{0, 0, 1, 1, 2, 2, 3, 3}, {0, 1, 0, 1, 2, 3, 2, 3}}});
        INDArray logits = Nd4j.createFromArray(new double[][][] {{{50, 50, -50, -50}, {-50, -50, 50, 50}}});
        INDArray links = new NDPooling().pool(new GraphAssignmentEdges(edges), logits, list);
        assertSame(links, Nd4j.createFromArray(new double[][][] {{{4, 0}, {0, 4}}}));
        INDArray[] outputs = new NDPooling().outputs(new GraphAssignmentLoss(edges, 1, 1), logits, list);
        assertSame(outputs[0], Nd4j.zeros(DataType.DOUBLE, 1));
    }

    private static void assertRejected(Runnable call, String... parts) {
        assertThatThrownBy(call::run)
                .isInstanceOf(IllegalArgumentException.class)
                .satisfies(error -> assertThat(Arrays.asList(parts)).allMatch(error.getMessage()::contains));
    }

    @Test
    void errors() {
        assertRejected(() -> GraphLayout.builder(Neighbourhood.GRID_4).weighted(true).build(), "weighted", "GRID_4");
        assertRejected(() -> new GraphAggregatePool(4, false, Aggregator.MEAN, false), "Graph readout", "dimensions",
                "got 4");
        assertRejected(() -> GraphAggregatePool.numbered(1, false, Aggregator.MEAN, 0), "graphs", "got 0");
        GraphLayout none = GraphLayout.builder(Neighbourhood.NONE).build();
        assertRejected(() -> new GraphNeighbourPool(none), "neighbourhood", "got NONE");
        assertRejected(() -> new GraphEdgePool(none), "neighbourhood", "got NONE");
        assertRejected(() -> new GraphTopkPool(none, NodeScore.GIVEN, ScoreGate.TANH, 0), "ratio", "got 0.0");
        GraphLayout edges = GraphLayout.builder(Neighbourhood.EDGES).build();
        assertRejected(() -> new GraphNeighbourPool(edges, NeighbourNormalisation.SUM, 1, 2), "bandwidth", "got 2.0");
        assertRejected(() -> new GraphNeighbourPool(edges, NeighbourNormalisation.SUM, -1, 0), "selfWeight",
                "got -1.0");
        INDArray x = Nd4j.ones(DataType.FLOAT, 1, 2, 3);
        INDArray twice = Nd4j.createFromArray(new long[][][] {{{0, 1, 0}, {1, 2, 1}}});
        assertRejected(() -> new NDPooling().pool(new GraphAssignmentLoss(edges, 1, 1), x, twice),
                "Graph assignment loss", "distinct", "from 0 to 1 twice in example 0");
        for (long bad : new long[] {-2, 3, Long.MAX_VALUE, Long.MIN_VALUE}) {
            INDArray wrong = Nd4j.createFromArray(new long[][][] {{{0, bad}, {1, 1}}});
            assertRejected(() -> new NDPooling().pool(new GraphNeighbourPool(edges), x, wrong),
                    "Graph neighbour pooling", "edges must hold numbers of nodes, from 0 to 2", "got " + bad, "edge 1");
            INDArray graph = Nd4j.createFromArray(new long[][] {{0, bad, 1}});
            assertRejected(() -> new NDPooling().pool(
                    GraphAggregatePool.numbered(1, false, Aggregator.MEAN, 2), x, graph),
                    "Graph readout", "graph must be from -1 to 1", "got " + bad);
        }
        assertRejected(() -> new NDPooling().pool(new GraphNeighbourPool(edges), x, Nd4j.create(DataType.INT64, 1, 3,
                4)), "edges must have shape [N,2,E]", "[1, 3, 4]");
    }

    /** What a gradient is told of the forward pass may be anything. */
    @Test
    void hostileIndices() {
        GraphLayout grid = GraphLayout.builder(Neighbourhood.GRID_4).build();
        INDArray x = Nd4j.ones(DataType.FLOAT, 1, 1, 2, 2);
        INDArray[] top = {x, Nd4j.createFromArray(1f)};
        PoolingOp topk = new GraphTopkPool(grid, NodeScore.PROJECTION, ScoreGate.TANH, 0.5);
        INDArray[] outputs = new NDPooling().outputs(topk, top);
        outputs[1].putScalar(0, 0, 4);
        assertRejected(() -> gradients(topk, outputs, top), "index must be from -1 to 3, got 4");
        INDArray[] edge = {x, Nd4j.ones(DataType.FLOAT, 2, 1), Nd4j.ones(DataType.FLOAT, 1)};
        PoolingOp contraction = new GraphEdgePool(grid);
        for (int saved : new int[] {1, 2}) {
            INDArray[] merged = new NDPooling().outputs(contraction, edge);
            merged[saved].putScalar(0, 1, 99);
            assertRejected(() -> gradients(contraction, merged, edge), contraction.outputNames().get(saved), "got 99");
        }
    }
}
