// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DeformableBlockConvolution}. */
public final class DeformableBlockConvolutionBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DeformableBlockConvolutionBp() {
        super(new DeformableBlockConvolution());
    }
}
