// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link GraphAssignmentEdges}. */
public final class GraphAssignmentEdgesBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public GraphAssignmentEdgesBp() {
        super(new GraphAssignmentEdges());
    }
}
