// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.EdscwPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Pooling weighted by the exponential of the Dice-Sorensen coefficient (eDSCW). Definition and edge cases: {@link
 * EdscwPool}.
 *
 * <pre>{@code
 * .layer(new EdscwPooling.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class EdscwPooling extends WindowPoolingLayer {

    private EdscwPooling(Builder builder) {
        super(builder);
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new EdscwPool(window);
    }

    /** Builds a {@link EdscwPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        @Override
        public EdscwPooling build() {
            return checked(new EdscwPooling(this));
        }
    }
}
