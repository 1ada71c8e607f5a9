// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link RandomMixedPool}. */
public final class RandomMixedPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public RandomMixedPoolBp() {
        super(new RandomMixedPool());
    }
}
