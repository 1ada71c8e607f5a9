// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link HierarchicalPool}. */
public final class HierarchicalPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public HierarchicalPoolBp() {
        super(new HierarchicalPool());
    }
}
