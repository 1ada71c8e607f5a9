// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link SpatialPyramidPool}. */
public final class SpatialPyramidPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public SpatialPyramidPoolBp() {
        super(new SpatialPyramidPool());
    }
}
