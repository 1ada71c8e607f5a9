// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.ChannelGate;
import io.github.dl4jpooling.ops.GatePool;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * CBAM's channel gate: channels times factors made of their means and maxima. Definition and edge cases: {@link
 * ChannelGate}.
 *
 * <pre>{@code
 * .layer(new ChannelGating.Builder().reduction(8).build())
 * }</pre>
 *
 * <p>Parameters and their first values: see {@link NetworkPoolingLayer}. The network's input type must be set. Masks
 * are not supported.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class ChannelGating extends NetworkPoolingLayer {

    private int reduction = 16;
    private GatePool[] pools = {GatePool.AVG, GatePool.MAX};

    private ChannelGating(Builder builder) {
        super(builder);
        reduction = builder.reduction;
        pools = builder.pools;
    }

    @Override
    protected ChannelGate newOp(boolean training) {
        return new ChannelGate(isChannelsLast(), reduction, pools);
    }

    @Override
    public ChannelGating clone() {
        ChannelGating clone = (ChannelGating) super.clone();
        clone.pools = pools.clone();
        return clone;
    }

    /** Builds a {@link ChannelGating}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private int reduction = 16;
        private GatePool[] pools = {GatePool.AVG, GatePool.MAX};

        /**
         * @param newReduction how many times as many channels as hidden units there are, at least 1; default 16
         * @return this
         */
        public Builder reduction(int newReduction) {
            reduction = newReduction;
            return this;
        }

        /**
         * @param newPools what is pooled from each channel, one at least; default means and maxima
         * @return this
         */
        public Builder pools(GatePool... newPools) {
            pools = Objects.requireNonNull(newPools, "pools").clone();
            return this;
        }

        @Override
        public ChannelGating build() {
            return checked(new ChannelGating(this));
        }
    }
}
