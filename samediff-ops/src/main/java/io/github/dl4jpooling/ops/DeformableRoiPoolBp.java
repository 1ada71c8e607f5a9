// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DeformableRoiPool}. */
public final class DeformableRoiPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DeformableRoiPoolBp() {
        super(new DeformableRoiPool());
    }
}
