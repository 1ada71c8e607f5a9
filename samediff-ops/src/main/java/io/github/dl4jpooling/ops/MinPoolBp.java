// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link MinPool}. */
public final class MinPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public MinPoolBp() {
        super(new MinPool());
    }
}
