// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/** Gradient of {@link ChannelPool}. */
public final class ChannelPoolBp extends PoolingOpBp {

    /** For SameDiff, which fills in the arguments. */
    public ChannelPoolBp() {
        super(new ChannelPool());
    }
}
