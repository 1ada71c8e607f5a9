// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Adaptive maximum pooling: the largest element of each cell of a grid of given size, whatever the size of the map.
 * Definition and edge cases: {@link AdaptiveMaxPool}.
 *
 * <pre>{@code
 * .layer(new AdaptiveMaxPooling.Builder(7, 7).build())
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class AdaptiveMaxPooling extends AdaptivePoolingLayer {

    private AdaptiveMaxPooling(Builder builder) {
        super(builder);
    }

    @Override
    protected AdaptiveMaxPool newOp(boolean training) {
        return new AdaptiveMaxPool(isChannelsLast(), getOutputSize());
    }

    /** Builds an {@link AdaptiveMaxPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends AdaptivePoolingLayer.Builder<Builder> {

        /** @param outputSize output size along each of the one, two or three axes */
        public Builder(int... outputSize) {
            super(outputSize);
        }

        @Override
        public AdaptiveMaxPooling build() {
            return checked(new AdaptiveMaxPooling(this));
        }
    }
}
