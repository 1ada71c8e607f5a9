// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link MixedPool}. */
public final class MixedPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public MixedPoolBp() {
        super(new MixedPool());
    }
}
