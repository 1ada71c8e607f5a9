// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.MinPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Minimum pooling of volumes {@code [batch, channels, depth, height, width]}: the smallest element of each
 * window. Definition and edge cases: {@link MinPool}.
 *
 * <pre>{@code
 * .layer(new MinPooling3D.Builder(2, 2, 2).stride(2, 2, 2).build())
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class MinPooling3D extends WindowPooling3DLayer {

    private MinPooling3D(Builder builder) {
        super(builder);
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new MinPool(window);
    }

    /** Builds a {@link MinPooling3D}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPooling3DLayer.Builder<Builder> {

        /** Starts with the defaults. */
        public Builder() {}

        /** @param kernelSize window size depth, height and width */
        public Builder(int... kernelSize) {
            kernelSize(kernelSize);
        }

        @Override
        protected Builder self() {
            return this;
        }

        @Override
        public MinPooling3D build() {
            return checked(new MinPooling3D(this));
        }
    }
}
