// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link GraphAssignmentLoss}. */
public final class GraphAssignmentLossBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public GraphAssignmentLossBp() {
        super(new GraphAssignmentLoss());
    }
}
