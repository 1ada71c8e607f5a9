// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link StripPool}. */
public final class StripPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public StripPoolBp() {
        super(new StripPool());
    }
}
