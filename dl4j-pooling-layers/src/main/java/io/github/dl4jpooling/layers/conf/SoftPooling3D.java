// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SoftPool;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Soft pooling of volumes {@code [batch, channels, depth, height, width]}: the mean of each window weighted by
 * exp(x), with its exact gradient. Definition, edge cases and paper: {@link SoftPool}.
 *
 * <pre>{@code
 * .layer(new SoftPooling3D.Builder(2, 2, 2).stride(2, 2, 2).build())
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class SoftPooling3D extends WindowPooling3DLayer {

    private SoftPooling3D(Builder builder) {
        super(builder);
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new SoftPool(window);
    }

    /** Builds a {@link SoftPooling3D}. */
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
        public SoftPooling3D build() {
            return checked(new SoftPooling3D(this));
        }
    }
}
