// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.EdgeScore;
import io.github.dl4jpooling.ops.GraphEdgePool;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Edge contraction: looks for the best edge that is left, again and again. */
public final class GraphEdgePoolOracle extends GraphOracle {

    @Override
    public OracleCase draw(Random random) {
        return inputs(random, new GraphEdgePool(
                layout(random, false, Neighbourhood.GRID_4, Neighbourhood.GRID_8, Neighbourhood.EDGES),
                WindowDraws.pick(random, Arrays.asList(EdgeScore.values()))));
    }

    private static double raw(Graph graph, int... edge) {
        double[] w = graph.own.get("weights");
        double sum = graph.own.get("bias")[0];
        for (int f = 0; f < graph.features(); f++) {
            sum += w[f] * graph.x[edge[0]][f] + w[graph.features() + f] * graph.x[edge[1]][f];
        }
        return sum;
    }

    private static double[] scores(EdgeScore kind, Graph graph) {
        double[] scores = new double[graph.edges.length];
        for (int e = 0; e < scores.length; e++) {
            double raw = raw(graph, graph.edges[e]);
            double all = 0;
            for (int[] other : graph.edges) {
                all += other[1] == graph.edges[e][1] ? Math.exp(raw(graph, other)) : 0;
            }
            scores[e] = 0.5 + (kind == EdgeScore.TANH ? Math.tanh(raw)
                    : kind == EdgeScore.SIGMOID ? AttentionOracle.sigmoid(raw) : Math.exp(raw) / all);
        }
        return scores;
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        GraphEdgePool pool = (GraphEdgePool) op;
        List<Graph> graphs = graphs(pool, inputs);
        int nodes = graphs.get(0).nodes();
        int features = graphs.get(0).features();
        PlainArray y = PlainArray.zeros(graphs.size(), features, nodes);
        PlainArray clusters = PlainArray.zeros(graphs.size(), nodes);
        PlainArray edges = PlainArray.zeros(graphs.size(), nodes);
        PlainArray contracted = op.outputNames().size() > 3
                ? PlainArray.zeros(inputs[op.inputNames().indexOf("edges")].shape())
                : null;
        for (int n = 0; n < graphs.size(); n++) {
            Graph graph = graphs.get(n);
            double[] scores = scores(pool.score(), graph);
            int[] edgeOfNode = match(graph, scores);
            int next = 0;
            Arrays.fill(clusters.values(), n * nodes, (n + 1) * nodes, -1);
            Arrays.fill(edges.values(), n * nodes, (n + 1) * nodes, -1);
            for (int u = 0; u < nodes; u++) {
                if (!graph.exists[u] || clusters.values()[n * nodes + u] >= 0) {
                    continue;
                }
                int[] edge = edgeOfNode[u] < 0 ? new int[] {u, u, -1} : graph.edges[edgeOfNode[u]];
                for (int f = 0; f < features; f++) {
                    y.values()[(n * features + f) * nodes + next] = edge[2] < 0
                            ? graph.x[u][f]
                            : scores[edgeOfNode[u]] * (graph.x[edge[0]][f] + graph.x[edge[1]][f]);
                }
                clusters.values()[n * nodes + edge[0]] = next;
                clusters.values()[n * nodes + edge[1]] = next;
                edges.values()[n * nodes + next++] = edge[2];
            }
            if (contracted != null) {
                contract(graph, contracted, n, Arrays.copyOfRange(clusters.values(), n * nodes, (n + 1) * nodes));
            }
        }
        return contracted == null
                ? new PlainArray[] {y, clusters, edges}
                : new PlainArray[] {y, clusters, edges, contracted};
    }

    /** Which edge each node goes into, -1 for none. */
    private static int[] match(Graph graph, double... scores) {
        int[] edgeOfNode = new int[graph.nodes()];
        Arrays.fill(edgeOfNode, -1);
        while (true) {
            int best = -1;
            for (int e = 0; e < scores.length; e++) {
                int[] edge = graph.edges[e];
                boolean free = edge[0] != edge[1] && edgeOfNode[edge[0]] < 0 && edgeOfNode[edge[1]] < 0;
                best = free && (best < 0 || scores[e] > scores[best]) ? e : best;
            }
            if (best < 0) {
                return edgeOfNode;
            }
            edgeOfNode[graph.edges[best][0]] = best;
            edgeOfNode[graph.edges[best][1]] = best;
        }
    }

    private static void contract(Graph graph, PlainArray result, int example, double... cluster) {
        int count = result.shape()[2];
        Arrays.fill(result.values(), 2 * example * count, 2 * (example + 1) * count, -1);
        boolean[][] known = new boolean[graph.nodes()][graph.nodes()];
        int next = 0;
        for (int[] edge : graph.edges) {
            int a = (int) cluster[edge[0]];
            int b = (int) cluster[edge[1]];
            if (a != b && !known[a][b]) {
                known[a][b] = true;
                result.values()[2 * example * count + next] = a;
                result.values()[(2 * example + 1) * count + next++] = b;
            }
        }
    }

    @Override
    public double errorFactor() {
        return 5; // of scores that are sums of products themselves
    }
}
