// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link MaxPool}. */
public final class MaxPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public MaxPoolBp() {
        super(new MaxPool());
    }
}
