// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.SePool;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Squeeze and excitation: channels times factors made of their means. Definition and edge cases: {@link SePool}.
 *
 * <pre>{@code
 * .layer(new SePooling.Builder().reduction(8).build())
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
public class SePooling extends NetworkPoolingLayer {

    private int reduction = 16;

    private SePooling(Builder builder) {
        super(builder);
        reduction = builder.reduction;
    }

    @Override
    protected SePool newOp(boolean training) {
        return new SePool(isChannelsLast(), reduction);
    }

    /** Builds an {@link SePooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private int reduction = 16;

        /**
         * @param newReduction how many times as many channels as hidden units there are, at least 1; default 16
         * @return this
         */
        public Builder reduction(int newReduction) {
            reduction = newReduction;
            return this;
        }

        @Override
        public SePooling build() {
            return checked(new SePooling(this));
        }
    }
}
