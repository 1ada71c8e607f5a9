// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DeformableAveragePool}. */
public final class DeformableAveragePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DeformableAveragePoolBp() {
        super(new DeformableAveragePool());
    }
}
