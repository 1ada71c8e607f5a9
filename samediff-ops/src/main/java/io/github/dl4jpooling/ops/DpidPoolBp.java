// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DpidPool}. */
public final class DpidPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DpidPoolBp() {
        super(new DpidPool());
    }
}
