// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link SpikeGatePool}. */
public final class SpikeGatePoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public SpikeGatePoolBp() {
        super(new SpikeGatePool());
    }
}
