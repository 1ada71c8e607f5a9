// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link GraphTopkPool}. */
public final class GraphTopkPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public GraphTopkPoolBp() {
        super(new GraphTopkPool());
    }
}
