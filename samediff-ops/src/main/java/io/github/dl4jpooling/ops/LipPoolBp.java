// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link LipPool}. */
public final class LipPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public LipPoolBp() {
        super(new LipPool());
    }
}
