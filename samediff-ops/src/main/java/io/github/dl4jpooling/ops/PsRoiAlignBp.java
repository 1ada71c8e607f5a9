// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link PsRoiAlign}. */
public final class PsRoiAlignBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public PsRoiAlignBp() {
        super(new PsRoiAlign());
    }
}
