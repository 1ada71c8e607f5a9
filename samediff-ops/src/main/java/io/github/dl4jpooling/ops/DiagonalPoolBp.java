// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link DiagonalPool}. */
public final class DiagonalPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public DiagonalPoolBp() {
        super(new DiagonalPool());
    }
}
