// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link GraphAggregatePool}. */
public final class GraphAggregatePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public GraphAggregatePoolBp() {
        super(new GraphAggregatePool());
    }
}
