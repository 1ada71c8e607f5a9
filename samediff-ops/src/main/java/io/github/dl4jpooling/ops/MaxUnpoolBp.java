// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link MaxUnpool}. */
public final class MaxUnpoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public MaxUnpoolBp() {
        super(new MaxUnpool());
    }
}
