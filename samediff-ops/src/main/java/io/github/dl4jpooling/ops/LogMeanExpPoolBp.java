// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link LogMeanExpPool}. */
public final class LogMeanExpPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public LogMeanExpPoolBp() {
        super(new LogMeanExpPool());
    }
}
