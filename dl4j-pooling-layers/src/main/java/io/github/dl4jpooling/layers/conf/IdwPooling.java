// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.IdwPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Inverse distance weighted pooling (IDW). Definition and edge cases: {@link IdwPool}.
 *
 * <pre>{@code
 * .layer(new IdwPooling.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class IdwPooling extends WindowPoolingLayer {

    private IdwPooling(Builder builder) {
        super(builder);
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new IdwPool(window);
    }

    /** Builds a {@link IdwPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        @Override
        public IdwPooling build() {
            return checked(new IdwPooling(this));
        }
    }
}
