// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link PnormPool}. */
public final class PnormPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public PnormPoolBp() {
        super(new PnormPool());
    }
}
