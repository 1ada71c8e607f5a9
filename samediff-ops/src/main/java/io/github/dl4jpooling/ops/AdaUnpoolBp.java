// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link AdaUnpool}. */
public final class AdaUnpoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public AdaUnpoolBp() {
        super(new AdaUnpool());
    }
}
