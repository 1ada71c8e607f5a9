// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link SumPool}. */
public final class SumPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public SumPoolBp() {
        super(new SumPool());
    }
}
