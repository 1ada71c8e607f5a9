// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link RangePool}. */
public final class RangePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public RangePoolBp() {
        super(new RangePool());
    }
}
