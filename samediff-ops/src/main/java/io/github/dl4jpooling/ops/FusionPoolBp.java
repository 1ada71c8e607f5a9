// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link FusionPool}. */
public final class FusionPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public FusionPoolBp() {
        super(new FusionPool());
    }
}
