// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link LpPool}. */
public final class LpPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public LpPoolBp() {
        super(new LpPool());
    }
}
