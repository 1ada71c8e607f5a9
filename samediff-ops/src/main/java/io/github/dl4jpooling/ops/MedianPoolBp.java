// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link MedianPool}. */
public final class MedianPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public MedianPoolBp() {
        super(new MedianPool());
    }
}
