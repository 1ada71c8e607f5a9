// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link CbamPool}. */
public final class CbamPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public CbamPoolBp() {
        super(new CbamPool());
    }
}
