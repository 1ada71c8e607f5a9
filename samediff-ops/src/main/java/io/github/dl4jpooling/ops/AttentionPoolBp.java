// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link AttentionPool}. */
public final class AttentionPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public AttentionPoolBp() {
        super(new AttentionPool());
    }
}
