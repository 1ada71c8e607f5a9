// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link HierarchicalDynamicPool}. */
public final class HierarchicalDynamicPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public HierarchicalDynamicPoolBp() {
        super(new HierarchicalDynamicPool());
    }
}
