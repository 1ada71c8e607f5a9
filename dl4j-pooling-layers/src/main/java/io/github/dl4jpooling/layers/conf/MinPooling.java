// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.MinPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Minimum pooling: the smallest element of each window. Definition and edge cases:
 * {@link MinPool}.
 *
 * <pre>{@code
 * .layer(new MinPooling.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class MinPooling extends WindowPoolingLayer {

    private MinPooling(Builder builder) {
        super(builder);
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new MinPool(window);
    }

    /** Builds a {@link MinPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        @Override
        public MinPooling build() {
            return checked(new MinPooling(this));
        }
    }
}
