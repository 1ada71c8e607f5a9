// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.GraphTopkPool;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.NodeScore;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.ScoreGate;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** The nodes with the largest scores, each of which is found by counting those that are larger. */
public final class GraphTopkPoolOracle extends GraphOracle {

    @Override
    public OracleCase draw(Random random) {
        NodeScore score = WindowDraws.pick(random, Arrays.asList(NodeScore.values()));
        boolean convolution = score == NodeScore.CONVOLUTION;
        GraphLayout layout = layout(random, convolution, Neighbourhood.GRID_4, Neighbourhood.GRID_8,
                convolution ? Neighbourhood.EDGES : Neighbourhood.NONE);
        GraphTopkPool op = new GraphTopkPool(layout, score,
                WindowDraws.pick(random, Arrays.asList(ScoreGate.values())), 0.1 + 0.9 * random.nextDouble());
        OracleCase drawn = inputs(random, op);
        return convolution && haveTwins(graphs(op, drawn.inputs())) ? draw(random) : drawn;
    }

    /** Whether two nodes have the same neighbours, each other among them: of their equal scores rounding takes one. */
    private static boolean haveTwins(List<Graph> graphs) {
        return graphs.stream().anyMatch(graph -> IntStream.range(0, graph.nodes())
                .anyMatch(u -> IntStream.range(0, u).anyMatch(v -> areTwins(graph, u, v))));
    }

    private static boolean areTwins(Graph graph, int u, int v) {
        return graph.exists[u] && graph.exists[v] && graph.weights[u][v] == 1 && graph.weights[v][u] == 1
                && IntStream.range(0, graph.nodes()).filter(other -> other != u && other != v)
                        .allMatch(other -> graph.weights[u][other] == graph.weights[v][other]);
    }

    private static double[] scores(GraphTopkPool op, Graph graph, int example) {
        int nodes = graph.nodes();
        double[] scores = new double[nodes];
        if (op.score() == NodeScore.GIVEN) {
            return Arrays.copyOfRange(graph.own.get("score"), example * nodes, (example + 1) * nodes);
        }
        double[] w = graph.own.get("weights");
        for (int u = 0; u < nodes; u++) {
            scores[u] = graph.exists[u] ? AttentionOracle.dot(w, graph.x[u]) : 0;
        }
        if (op.score() == NodeScore.PROJECTION) {
            double length = Math.sqrt(AttentionOracle.dot(w, w));
            return Arrays.stream(scores).map(s -> s / length).toArray();
        }
        double[] degrees = new double[nodes];
        for (int u = 0; u < nodes; u++) {
            degrees[u] = 1 + Arrays.stream(graph.weights[u]).sum();
        }
        double[] convolved = new double[nodes];
        for (int u = 0; u < nodes; u++) {
            convolved[u] = graph.own.get("bias")[0] + scores[u] / degrees[u];
            for (int v = 0; v < nodes; v++) {
                convolved[u] += graph.weights[u][v] * scores[v] / Math.sqrt(degrees[u] * degrees[v]);
            }
        }
        return convolved;
    }

    private static double gate(ScoreGate gate, double score) {
        return gate == ScoreGate.TANH ? Math.tanh(score)
                : gate == ScoreGate.SIGMOID ? AttentionOracle.sigmoid(score) : score;
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        GraphTopkPool pool = (GraphTopkPool) op;
        List<Graph> graphs = graphs(pool, inputs);
        int features = graphs.get(0).features();
        int kept = pool.kept(graphs.get(0).nodes());
        PlainArray y = PlainArray.zeros(graphs.size(), features, kept);
        PlainArray index = PlainArray.zeros(graphs.size(), kept);
        Arrays.fill(index.values(), -1);
        for (int n = 0; n < graphs.size(); n++) {
            Graph graph = graphs.get(n);
            double[] scores = scores(pool, graph, n);
            int next = 0;
            for (int u = 0; u < graph.nodes(); u++) {
                int larger = 0;
                for (int v = 0; v < graph.nodes(); v++) {
                    larger += graph.exists[v] && (scores[v] > scores[u] || scores[v] == scores[u] && v < u) ? 1 : 0;
                }
                if (graph.exists[u] && larger < pool.kept(graph.count())) {
                    index.values()[n * kept + next] = u;
                    for (int f = 0; f < features; f++) {
                        y.values()[(n * features + f) * kept + next] = gate(pool.gate(), scores[u]) * graph.x[u][f];
                    }
                    next++;
                }
            }
        }
        return new PlainArray[] {y, index};
    }

    @Override
    public double errorFactor() {
        return 5; // of scores that are sums of products themselves
    }
}
