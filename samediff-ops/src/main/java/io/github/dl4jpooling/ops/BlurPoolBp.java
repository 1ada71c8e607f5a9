// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link BlurPool}. */
public final class BlurPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public BlurPoolBp() {
        super(new BlurPool());
    }
}
