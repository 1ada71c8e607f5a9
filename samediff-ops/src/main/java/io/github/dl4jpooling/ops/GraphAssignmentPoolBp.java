// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link GraphAssignmentPool}. */
public final class GraphAssignmentPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public GraphAssignmentPoolBp() {
        super(new GraphAssignmentPool());
    }
}
