// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link InverseBilateralPool}. */
public final class InverseBilateralPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public InverseBilateralPoolBp() {
        super(new InverseBilateralPool());
    }
}
