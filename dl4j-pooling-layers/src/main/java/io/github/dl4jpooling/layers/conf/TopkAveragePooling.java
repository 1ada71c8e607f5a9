// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.TopkAveragePool;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Top-k average pooling: the mean of the k largest elements of each window. Definition and edge cases: {@link
 * TopkAveragePool}.
 *
 * <pre>{@code
 * .layer(new TopkAveragePooling.Builder(2, 2).stride(2, 2).k(2).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class TopkAveragePooling extends WindowPoolingLayer {

    private int k = 2;

    private TopkAveragePooling(Builder builder) {
        super(builder);
        k = builder.k;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new TopkAveragePool(window, k);
    }

    /** Builds a {@link TopkAveragePooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private int k = 2;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newK how many elements of a window are averaged, 1 at least; default 2
         * @return this
         */
        public Builder k(int newK) {
            k = newK;
            return this;
        }

        @Override
        public TopkAveragePooling build() {
            return checked(new TopkAveragePooling(this));
        }
    }
}
