// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link ChannelGate}. */
public final class ChannelGateBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public ChannelGateBp() {
        super(new ChannelGate());
    }
}
