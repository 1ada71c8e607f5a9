// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link RoiPool}. */
public final class RoiPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public RoiPoolBp() {
        super(new RoiPool());
    }
}
