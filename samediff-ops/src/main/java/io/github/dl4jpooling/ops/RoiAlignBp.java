// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link RoiAlign}. */
public final class RoiAlignBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public RoiAlignBp() {
        super(new RoiAlign());
    }
}
