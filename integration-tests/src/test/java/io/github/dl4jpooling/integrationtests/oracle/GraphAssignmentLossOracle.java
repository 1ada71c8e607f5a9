// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.GraphAssignmentLoss;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.List;
import java.util.Random;

/** Link prediction and entropy with dense A and S S^T. */
public final class GraphAssignmentLossOracle extends GraphOracle {

    @Override
    public OracleCase draw(Random random) {
        return inputs(random,
                new GraphAssignmentLoss(
                        layout(random, false, Neighbourhood.GRID_4, Neighbourhood.GRID_8, Neighbourhood.EDGES),
                        random.nextInt(4) == 0 ? 0 : random.nextDouble(),
                        random.nextInt(4) == 0 ? 0 : random.nextDouble()),
                true);
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        GraphAssignmentLoss loss = (GraphAssignmentLoss) op;
        List<Graph> graphs = graphs(loss, inputs);
        PlainArray y = PlainArray.zeros(graphs.size());
        for (int n = 0; n < graphs.size(); n++) {
            Graph graph = graphs.get(n);
            double[][] shares = shares(graph, graph.x);
            double squares = 0;
            double entropy = 0;
            for (int u = 0; u < graph.nodes(); u++) {
                for (int v = 0; v < graph.nodes(); v++) {
                    squares += Math.pow(graph.weights[u][v] - AttentionOracle.dot(shares[u], shares[v]), 2);
                }
                for (double share : shares[u]) {
                    entropy -= share == 0 ? 0 : share * Math.log(share);
                }
            }
            y.values()[n] = graph.count() == 0 ? 0
                    : loss.linkWeight() * Math.sqrt(squares) + loss.entropyWeight() * entropy / graph.count();
        }
        return new PlainArray[] {y};
    }

    @Override
    boolean mapsNodes() {
        return false;
    }

    @Override
    public double errorFactor() {
        return 20; // a root of a difference
    }
}
