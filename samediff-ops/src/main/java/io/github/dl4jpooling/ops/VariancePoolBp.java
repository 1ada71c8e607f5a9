// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link VariancePool}. */
public final class VariancePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public VariancePoolBp() {
        super(new VariancePool());
    }
}
