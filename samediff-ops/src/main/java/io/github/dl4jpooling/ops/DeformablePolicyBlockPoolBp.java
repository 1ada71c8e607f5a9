// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DeformablePolicyBlockPool}. */
public final class DeformablePolicyBlockPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DeformablePolicyBlockPoolBp() {
        super(new DeformablePolicyBlockPool());
    }
}
