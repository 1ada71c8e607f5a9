// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link FirstSpikePool}. */
public final class FirstSpikePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public FirstSpikePoolBp() {
        super(new FirstSpikePool());
    }
}
