// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link FilterPool}. */
public final class FilterPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public FilterPoolBp() {
        super(new FilterPool());
    }
}
