// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.GraphAssignmentEdges;
import io.github.dl4jpooling.ops.GraphOp;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.List;
import java.util.Random;

/** S^T A S with a dense A. */
public final class GraphAssignmentEdgesOracle extends GraphOracle {

    @Override
    public OracleCase draw(Random random) {
        return inputs(random, new GraphAssignmentEdges(
                layout(random, true, Neighbourhood.GRID_4, Neighbourhood.GRID_8, Neighbourhood.EDGES)));
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        List<Graph> graphs = graphs((GraphOp) op, inputs);
        int clusters = inputs[0].shape()[1];
        PlainArray y = PlainArray.zeros(graphs.size(), clusters, clusters);
        for (int n = 0; n < graphs.size(); n++) {
            double[][] shares = shares(graphs.get(n), graphs.get(n).x);
            double[][] links = gathered(shares, overNeighbours(graphs.get(n), shares));
            for (int k = 0; k < clusters * clusters; k++) {
                y.values()[n * clusters * clusters + k] = links[k / clusters][k % clusters];
            }
        }
        return new PlainArray[] {y};
    }

    @Override
    boolean mapsNodes() {
        return false;
    }
}
