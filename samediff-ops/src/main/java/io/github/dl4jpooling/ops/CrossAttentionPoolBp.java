// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link CrossAttentionPool}. */
public final class CrossAttentionPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public CrossAttentionPoolBp() {
        super(new CrossAttentionPool());
    }
}
