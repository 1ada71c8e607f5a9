// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link GemPool}. */
public final class GemPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public GemPoolBp() {
        super(new GemPool());
    }
}
