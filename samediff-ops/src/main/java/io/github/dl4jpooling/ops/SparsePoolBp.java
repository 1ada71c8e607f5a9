// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link SparsePool}. */
public final class SparsePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public SparsePoolBp() {
        super(new SparsePool());
    }
}
