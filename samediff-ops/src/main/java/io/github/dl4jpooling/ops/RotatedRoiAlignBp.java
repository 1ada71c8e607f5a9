// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link RotatedRoiAlign}. */
public final class RotatedRoiAlignBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public RotatedRoiAlignBp() {
        super(new RotatedRoiAlign());
    }
}
