// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.AdaptiveAvgPool;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Adaptive average pooling: the mean of each cell of a grid of given size, whatever the size of the map.
 * Definition and edge cases: {@link AdaptiveAvgPool}.
 *
 * <pre>{@code
 * .layer(new AdaptiveAvgPooling.Builder(7, 7).build())
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class AdaptiveAvgPooling extends AdaptivePoolingLayer {

    private AdaptiveAvgPooling(Builder builder) {
        super(builder);
    }

    @Override
    protected AdaptiveAvgPool newOp(boolean training) {
        return new AdaptiveAvgPool(isChannelsLast(), getOutputSize());
    }

    /** Builds an {@link AdaptiveAvgPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends AdaptivePoolingLayer.Builder<Builder> {

        /** @param outputSize output size along each of the one, two or three axes */
        public Builder(int... outputSize) {
            super(outputSize);
        }

        @Override
        public AdaptiveAvgPooling build() {
            return checked(new AdaptiveAvgPooling(this));
        }
    }
}
