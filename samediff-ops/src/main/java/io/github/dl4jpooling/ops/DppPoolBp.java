// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DppPool}. */
public final class DppPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DppPoolBp() {
        super(new DppPool());
    }
}
