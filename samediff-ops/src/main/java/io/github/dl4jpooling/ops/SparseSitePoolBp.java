// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link SparseSitePool}. */
public final class SparseSitePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public SparseSitePoolBp() {
        super(new SparseSitePool());
    }
}
