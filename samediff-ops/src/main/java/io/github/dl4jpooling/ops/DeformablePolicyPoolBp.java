// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DeformablePolicyPool}. */
public final class DeformablePolicyPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DeformablePolicyPoolBp() {
        super(new DeformablePolicyPool());
    }
}
