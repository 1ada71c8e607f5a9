// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link LipBlockPool}. */
public final class LipBlockPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public LipBlockPoolBp() {
        super(new LipBlockPool());
    }
}
