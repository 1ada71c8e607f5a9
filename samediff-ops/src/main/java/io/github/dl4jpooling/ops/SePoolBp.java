// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link SePool}. */
public final class SePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public SePoolBp() {
        super(new SePool());
    }
}
