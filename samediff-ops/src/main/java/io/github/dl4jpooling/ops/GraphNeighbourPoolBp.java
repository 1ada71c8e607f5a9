// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link GraphNeighbourPool}. */
public final class GraphNeighbourPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public GraphNeighbourPoolBp() {
        super(new GraphNeighbourPool());
    }
}
