// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.MinPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Minimum pooling of sequences {@code [batch, channels, length]}: the smallest element of each
 * window. Definition and edge cases: {@link MinPool}.
 *
 * <pre>{@code
 * .layer(new MinPooling1D.Builder(5).stride(2).build())
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class MinPooling1D extends WindowPooling1DLayer {

    private MinPooling1D(Builder builder) {
        super(builder);
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new MinPool(window);
    }

    /** Builds a {@link MinPooling1D}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPooling1DLayer.Builder<Builder> {

        /** Starts with the defaults. */
        public Builder() {}

        /** @param kernelSize window size along the sequence */
        public Builder(int... kernelSize) {
            kernelSize(kernelSize);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        public MinPooling1D build() {
            return checked(new MinPooling1D(this));
        }
    }
}
