// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.GraphOp;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Ops on graphs, with dense matrices of edges. Gradients are central differences. */
abstract class GraphOracle extends OperatorOracle {

    /** One graph of a batch. */
    static final class Graph {
        final double[][] x; // [node][feature]
        final boolean[] exists;
        final double[][] weights; // [to][from], sums of the edges between them
        final int[][] edges; // from, to and number of each that exists, in their order
        final Map<String, double[]> own;

        private Graph(double[][] x, boolean[] exists, double[][] weights, int[][] edges, Map<String, double[]> own) {
            this.x = x;
            this.exists = exists;
            this.weights = weights;
            this.edges = edges;
            this.own = own;
        }

        int nodes() {
            return x.length;
        }

        int features() {
            return x[0].length;
        }

        int count() {
            int count = 0;
            for (boolean existing : exists) {
                count += existing ? 1 : 0;
            }
            return count;
        }
    }

    /** A layout with any settings that the op allows. */
    static GraphLayout layout(Random random, boolean mayBeWeighted, Neighbourhood... neighbourhoods) {
        Neighbourhood neighbourhood = WindowDraws.pick(random, Arrays.asList(neighbourhoods));
        return GraphLayout.builder(neighbourhood)
                .channelsLast(random.nextBoolean())
                .masked(random.nextBoolean())
                .weighted(mayBeWeighted && neighbourhood == Neighbourhood.EDGES && random.nextBoolean())
                .build();
    }

    /** Inputs for an op. */
    static OracleCase inputs(Random random, GraphOp op) {
        return inputs(random, op, false);
    }

    static OracleCase inputs(Random random, GraphOp op, boolean distinctEdges) {
        GraphLayout layout = op.layout();
        int examples = 1 + random.nextInt(3);
        int features = 1 + random.nextInt(4);
        int[] spatial = layout.neighbourhood().isGrid()
                ? new int[] {1 + random.nextInt(4), 1 + random.nextInt(4)}
                : new int[] {1 + random.nextInt(8)};
        int nodes = Arrays.stream(spatial).reduce(1, (a, b) -> a * b);
        List<PlainArray> inputs = new ArrayList<>();
        int[] shape = new int[spatial.length + 2];
        shape[0] = examples;
        shape[1] = features;
        System.arraycopy(spatial, 0, shape, 2, spatial.length);
        inputs.add(PlainArray.gaussian(random, 1, shape));
        long[] nodesShape = Arrays.stream(shape).asLongStream().toArray();
        if (layout.channelsLast()) {
            int[] axes = PlainArray.axes(shape.length, true);
            Arrays.setAll(nodesShape, i -> shape[axes[i]]);
        }
        for (long[] further : op.furtherShapes(nodesShape).values()) {
            inputs.add(PlainArray.gaussian(
                    random, 1, Arrays.stream(further).mapToInt(Math::toIntExact).toArray()));
        }
        int edges = 1 + random.nextInt(14);
        if (layout.isWeighted()) {
            PlainArray weights = PlainArray.zeros(examples, edges);
            Arrays.setAll(weights.values(), i -> 0.2 + random.nextDouble());
            inputs.add(weights);
        }
        if (layout.neighbourhood() == Neighbourhood.EDGES) {
            inputs.add(edges(random, examples, edges, nodes, distinctEdges));
        }
        if (layout.isMasked()) {
            int[] maskShape = new int[spatial.length + 1];
            maskShape[0] = examples;
            System.arraycopy(spatial, 0, maskShape, 1, spatial.length);
            PlainArray mask = PlainArray.zeros(maskShape);
            double share = 0.3 + random.nextDouble();
            Arrays.setAll(mask.values(), i -> random.nextDouble() < share ? 1 : 0);
            inputs.add(mask);
        }
        return new OracleCase(op, inputs.toArray(new PlainArray[0]));
    }

    private static PlainArray edges(Random random, int examples, int count, int nodes, boolean distinct) {
        PlainArray edges = PlainArray.zeros(examples, 2, count);
        for (int n = 0; n < examples; n++) {
            boolean[][] known = new boolean[nodes][nodes];
            for (int e = 0; e < count; e++) {
                int from = random.nextInt(nodes);
                int to = random.nextInt(nodes);
                boolean none = random.nextInt(5) == 0 || distinct && known[from][to];
                known[from][to] |= !none;
                edges.values()[2 * n * count + e] = none ? -1 : from;
                edges.values()[(2 * n + 1) * count + e] = none ? -1 : to;
            }
        }
        return edges;
    }

    /** All graphs of a call. */
    static List<Graph> graphs(GraphOp op, PlainArray... inputs) {
        GraphLayout layout = op.layout();
        List<String> names = op.inputNames();
        int[] shape = inputs[0].shape();
        int nodes = Arrays.stream(shape).skip(2).reduce(1, (a, b) -> a * b);
        List<Graph> graphs = new ArrayList<>();
        for (int n = 0; n < shape[0]; n++) {
            double[][] x = new double[nodes][shape[1]];
            boolean[] exists = new boolean[nodes];
            for (int u = 0; u < nodes; u++) {
                for (int f = 0; f < shape[1]; f++) {
                    x[u][f] = inputs[0].values()[(n * shape[1] + f) * nodes + u];
                }
                exists[u] = !layout.isMasked() || inputs[inputs.length - 1].values()[n * nodes + u] != 0;
            }
            Map<String, double[]> own = new LinkedHashMap<>();
            for (int i = 1; i < inputs.length; i++) {
                own.put(names.get(i), inputs[i].values());
            }
            double[][] weights = new double[nodes][nodes];
            int[][] edges = layout.neighbourhood() == Neighbourhood.EDGES
                    ? given(inputs[names.indexOf("edges")], n, exists)
                    : grid(layout.neighbourhood(), shape, exists);
            for (int[] edge : edges) {
                double weight = 1;
                if (layout.isWeighted()) {
                    PlainArray all = inputs[names.indexOf("edgeWeights")];
                    weight = all.values()[n * all.shape()[1] + edge[2]];
                }
                weights[edge[1]][edge[0]] += weight;
            }
            graphs.add(new Graph(x, exists, weights, edges, own));
        }
        return graphs;
    }

    private static int[][] given(PlainArray edges, int example, boolean... exists) {
        int count = edges.shape()[2];
        List<int[]> result = new ArrayList<>();
        for (int e = 0; e < count; e++) {
            int from = (int) edges.values()[2 * example * count + e];
            int to = (int) edges.values()[(2 * example + 1) * count + e];
            if (from >= 0 && exists[from] && exists[to]) {
                result.add(new int[] {from, to, e});
            }
        }
        return result.toArray(new int[0][]);
    }

    private static int[][] grid(Neighbourhood neighbourhood, int[] shape, boolean... exists) {
        List<int[]> result = new ArrayList<>();
        int number = 0;
        for (int i = 0; neighbourhood.isGrid() && i < shape[2]; i++) {
            for (int j = 0; j < shape[3]; j++) {
                for (int k = i - 1; k <= i + 1; k++) {
                    for (int m = j - 1; m <= j + 1; m++) {
                        int steps = Math.abs(k - i) + Math.abs(m - j);
                        if (steps == 0 || steps == 2 && neighbourhood == Neighbourhood.GRID_4) {
                            continue;
                        }
                        if (k >= 0 && k < shape[2] && m >= 0 && m < shape[3] && exists[i * shape[3] + j]
                                && exists[k * shape[3] + m]) {
                            result.add(new int[] {k * shape[3] + m, i * shape[3] + j, number});
                        }
                        number++;
                    }
                }
            }
        }
        return result.toArray(new int[0][]);
    }

    /** Softmax of the features of each node that exists; 0 for others. */
    static double[][] shares(Graph graph, double[][] logits) {
        double[][] shares = new double[graph.nodes()][];
        for (int u = 0; u < shares.length; u++) {
            shares[u] = graph.exists[u] ? AttentionOracle.softmax(logits[u]) : new double[logits[u].length];
        }
        return shares;
    }

    /** S^T M for matrices with a row for each node. */
    static double[][] gathered(double[][] shares, double[][] rows) {
        double[][] result = new double[shares[0].length][rows[0].length];
        for (int u = 0; u < shares.length; u++) {
            for (int k = 0; k < result.length; k++) {
                for (int f = 0; f < rows[u].length; f++) {
                    result[k][f] += shares[u][k] * rows[u][f];
                }
            }
        }
        return result;
    }

    /** A M. */
    static double[][] overNeighbours(Graph graph, double[][] rows) {
        double[][] result = new double[rows.length][rows[0].length];
        for (int u = 0; u < rows.length; u++) {
            for (int v = 0; v < rows.length; v++) {
                for (int f = 0; f < rows[v].length; f++) {
                    result[u][f] += graph.weights[u][v] * rows[v][f];
                }
            }
        }
        return result;
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return name.equals(op.inputNames().get(0)) || name.equals("output") && mapsNodes();
    }

    /** Whether the output has features and nodes for axes. */
    boolean mapsNodes() {
        return true;
    }
}
