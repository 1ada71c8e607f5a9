// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.WinnerTakeAll;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Winner-take-all: the k largest elements of each map stay, the others become 0, for sparse codes of autoencoders.
 * Masks are not supported. Definition and edge cases: {@link WinnerTakeAll}.
 *
 * <pre>{@code
 * .layer(new WinnerTakeAllLayer.Builder(1).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class WinnerTakeAllLayer extends MapPoolingLayer {

    private int k;
    private int spatialDimensions = 2;

    private WinnerTakeAllLayer(Builder builder) {
        super(builder);
        k = builder.k;
        spatialDimensions = builder.spatialDimensions;
    }

    @Override
    protected WinnerTakeAll newOp(boolean training) {
        return new WinnerTakeAll(dimensions(), isChannelsLast(), k);
    }

    @Override
    public int dimensions() {
        return Math.min(3, Math.max(1, spatialDimensions));
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        return inputShape.clone();
    }

    @Override
    public WinnerTakeAllLayer clone() {
        return (WinnerTakeAllLayer) super.clone();
    }

    /** Builds a {@link WinnerTakeAllLayer}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private final int k;
        private int spatialDimensions = 2;

        /** @param k how many elements of a map stay, 1 at least */
        public Builder(int k) {
            this.k = k;
        }

        /**
         * @param dimensions 1 for sequences, 2 for images (the default), 3 for volumes
         * @return this
         */
        public Builder spatialDimensions(int dimensions) {
            spatialDimensions = dimensions;
            return this;
        }

        @Override
        public WinnerTakeAllLayer build() {
            return checked(new WinnerTakeAllLayer(this));
        }
    }
}
