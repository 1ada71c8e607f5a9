// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link MultiHeadAttentionPool}. */
public final class MultiHeadAttentionPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public MultiHeadAttentionPoolBp() {
        super(new MultiHeadAttentionPool());
    }
}
