// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link SoftPool}. */
public final class SoftPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public SoftPoolBp() {
        super(new SoftPool());
    }
}
