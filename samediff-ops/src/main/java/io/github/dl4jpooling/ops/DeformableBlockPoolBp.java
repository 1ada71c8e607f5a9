// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DeformableBlockPool}. */
public final class DeformableBlockPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DeformableBlockPoolBp() {
        super(new DeformableBlockPool());
    }
}
