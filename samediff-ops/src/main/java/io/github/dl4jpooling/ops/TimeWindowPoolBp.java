// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link TimeWindowPool}. */
public final class TimeWindowPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public TimeWindowPoolBp() {
        super(new TimeWindowPool());
    }
}
