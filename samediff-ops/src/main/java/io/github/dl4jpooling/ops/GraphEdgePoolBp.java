// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link GraphEdgePool}. */
public final class GraphEdgePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public GraphEdgePoolBp() {
        super(new GraphEdgePool());
    }
}
