// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link PsRoiPool}. */
public final class PsRoiPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public PsRoiPoolBp() {
        super(new PsRoiPool());
    }
}
