// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DeformablePsRoiPool}. */
public final class DeformablePsRoiPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DeformablePsRoiPoolBp() {
        super(new DeformablePsRoiPool());
    }
}
