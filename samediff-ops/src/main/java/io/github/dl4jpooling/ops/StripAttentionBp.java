// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link StripAttention}. */
public final class StripAttentionBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public StripAttentionBp() {
        super(new StripAttention());
    }
}
