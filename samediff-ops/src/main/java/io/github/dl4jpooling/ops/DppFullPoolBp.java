// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DppFullPool}. */
public final class DppFullPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DppFullPoolBp() {
        super(new DppFullPool());
    }
}
