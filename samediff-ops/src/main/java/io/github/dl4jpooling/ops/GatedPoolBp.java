// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link GatedPool}. */
public final class GatedPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public GatedPoolBp() {
        super(new GatedPool());
    }
}
