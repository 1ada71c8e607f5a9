// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link StochasticPool}. */
public final class StochasticPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public StochasticPoolBp() {
        super(new StochasticPool());
    }
}
