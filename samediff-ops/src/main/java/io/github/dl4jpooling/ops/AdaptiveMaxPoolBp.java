// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link AdaptiveMaxPool}. */
public final class AdaptiveMaxPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public AdaptiveMaxPoolBp() {
        super(new AdaptiveMaxPool());
    }
}
