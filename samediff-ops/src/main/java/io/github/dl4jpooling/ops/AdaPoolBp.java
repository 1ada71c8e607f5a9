// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link AdaPool}. */
public final class AdaPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public AdaPoolBp() {
        super(new AdaPool());
    }
}
