// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.DiagonalPool;
import io.github.dl4jpooling.ops.DiagonalPool.Diagonals;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Diagonal pooling: means or maxima of whole diagonals, antidiagonals, or both. Definition and edge cases: {@link
 * DiagonalPool}.
 *
 * <pre>{@code
 * .layer(new DiagonalPooling.Builder().diagonals(Diagonals.MAIN).build())    // 1 x (H + W - 1)
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class DiagonalPooling extends LinePoolingLayer {

    private Diagonals diagonals = Diagonals.BOTH;

    private DiagonalPooling(Builder builder) {
        super(builder);
        diagonals = builder.diagonals;
    }

    @Override
    protected DiagonalPool newOp(boolean training) {
        return new DiagonalPool(isChannelsLast(), getPoolingType(), diagonals);
    }

    /** Builds a {@link DiagonalPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends LinePoolingLayer.Builder<Builder> {

        private Diagonals diagonals = Diagonals.BOTH;

        /**
         * @param newDiagonals which diagonals are pooled; default main diagonals, then antidiagonals
         * @return this
         */
        public Builder diagonals(Diagonals newDiagonals) {
            diagonals = Objects.requireNonNull(newDiagonals, "diagonals");
            return this;
        }

        @Override
        public DiagonalPooling build() {
            return checked(new DiagonalPooling(this));
        }
    }
}
