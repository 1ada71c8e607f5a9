// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DeformableConvolution}. */
public final class DeformableConvolutionBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DeformableConvolutionBp() {
        super(new DeformableConvolution());
    }
}
