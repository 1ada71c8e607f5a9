// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.MinPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Minimum pooling of images {@code [batch, channels, height, width]}: the smallest element of each
 * window. Definition and edge cases: {@link MinPool}.
 *
 * <pre>{@code
 * .layer(new MinPooling2D.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class MinPooling2D extends WindowPooling2DLayer {

    private MinPooling2D(Builder builder) {
        super(builder);
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new MinPool(window);
    }

    /** Builds a {@link MinPooling2D}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPooling2DLayer.Builder<Builder> {

        /** Starts with the defaults. */
        public Builder() {}

        /** @param kernelSize window size height and width */
        public Builder(int... kernelSize) {
            kernelSize(kernelSize);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        public MinPooling2D build() {
            return checked(new MinPooling2D(this));
        }
    }
}
