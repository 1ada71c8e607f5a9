// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link AdaptiveAvgPool}. */
public final class AdaptiveAvgPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public AdaptiveAvgPoolBp() {
        super(new AdaptiveAvgPool());
    }
}
