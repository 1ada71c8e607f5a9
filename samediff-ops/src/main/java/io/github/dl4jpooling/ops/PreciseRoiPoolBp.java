// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link PreciseRoiPool}. */
public final class PreciseRoiPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public PreciseRoiPoolBp() {
        super(new PreciseRoiPool());
    }
}
