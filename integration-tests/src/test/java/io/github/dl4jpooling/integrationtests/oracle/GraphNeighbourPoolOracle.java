// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.GraphNeighbourPool;
import io.github.dl4jpooling.ops.NeighbourNormalisation;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Neighbour pooling by a dense matrix of weights. */
public final class GraphNeighbourPoolOracle extends GraphOracle {

    @Override
    public OracleCase draw(Random random) {
        GraphLayout layout = layout(random, true, Neighbourhood.GRID_4, Neighbourhood.GRID_8, Neighbourhood.EDGES,
                Neighbourhood.EDGES);
        double bandwidth = layout.neighbourhood().isGrid() && random.nextBoolean() ? 1 + 3 * random.nextDouble() : 0;
        return inputs(random, new GraphNeighbourPool(layout,
                WindowDraws.pick(random, Arrays.asList(NeighbourNormalisation.values())),
                random.nextBoolean() ? 0 : 0.5 + random.nextDouble(), bandwidth));
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        GraphNeighbourPool pool = (GraphNeighbourPool) op;
        List<Graph> graphs = graphs(pool, inputs);
        PlainArray y = PlainArray.zeros(inputs[0].shape());
        for (int n = 0; n < graphs.size(); n++) {
            double[][] pooled = pooled(pool, graphs.get(n));
            int features = graphs.get(n).features();
            for (int u = 0; u < pooled.length; u++) {
                for (int f = 0; f < features; f++) {
                    y.values()[(n * features + f) * pooled.length + u] = pooled[u][f];
                }
            }
        }
        return new PlainArray[] {y};
    }

    private static double[][] pooled(GraphNeighbourPool op, Graph graph) {
        int nodes = graph.nodes();
        double[][] weights = new double[nodes][];
        double[] degrees = new double[nodes];
        for (int u = 0; u < nodes; u++) {
            weights[u] = graph.weights[u].clone();
            for (int v = 0; v < nodes; v++) {
                if (op.bandwidth() > 0 && weights[u][v] != 0) {
                    double distance = 0;
                    for (int f = 0; f < graph.features(); f++) {
                        distance += Math.pow(graph.x[u][f] - graph.x[v][f], 2);
                    }
                    weights[u][v] = Math.exp(-distance / op.bandwidth());
                }
            }
            weights[u][u] += op.selfWeight();
            degrees[u] = Arrays.stream(weights[u]).sum();
        }
        double[][] y = new double[nodes][graph.features()];
        for (int u = 0; u < nodes; u++) {
            for (int v = 0; v < nodes; v++) {
                double scale = op.normalisation() == NeighbourNormalisation.SUM ? 1
                        : op.normalisation() == NeighbourNormalisation.MEAN ? degrees[u]
                        : Math.sqrt(degrees[u] * degrees[v]);
                for (int f = 0; f < graph.features(); f++) {
                    y[u][f] += graph.exists[u] && scale != 0 ? weights[u][v] / scale * graph.x[v][f] : 0;
                }
            }
        }
        return y;
    }
}
