// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.ChannelPool;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Channel pooling of images: two maps, the maximum and the mean over the channels, in this order. Definition and edge
 * cases: {@link ChannelPool}.
 *
 * <pre>{@code
 * .layer(new ChannelPooling.Builder().build())
 * }</pre>
 *
 * <p>Masks are not supported.
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class ChannelPooling extends MapPoolingLayer {

    private ChannelPooling(Builder builder) {
        super(builder);
    }

    @Override
    protected ChannelPool newOp(boolean training) {
        return new ChannelPool(isChannelsLast());
    }

    @Override
    public int dimensions() {
        return 2;
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        return ((ChannelPool) op(false)).outputShape(inputShape);
    }

    /** Builds a {@link ChannelPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        @Override
        public ChannelPooling build() {
            return checked(new ChannelPooling(this));
        }
    }
}
