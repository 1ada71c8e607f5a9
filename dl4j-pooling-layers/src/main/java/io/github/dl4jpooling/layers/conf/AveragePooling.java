// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.AveragePool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Average pooling: the mean of each window. Definition and edge cases: {@link AveragePool}.
 *
 * <pre>{@code
 * .layer(new AveragePooling.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class AveragePooling extends WindowPoolingLayer {

    private boolean countIncludePadding;
    private double divisor;

    private AveragePooling(Builder builder) {
        super(builder);
        countIncludePadding = builder.countIncludePadding;
        divisor = builder.divisor;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return divisor == 0 ? new AveragePool(window, countIncludePadding) : new AveragePool(window, divisor);
    }

    /** Builds a {@link AveragePooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private boolean countIncludePadding;
        private double divisor;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newCountIncludePadding whether elements of a window in the padding count, with value 0; default false
         * @return this
         */
        public Builder countIncludePadding(boolean newCountIncludePadding) {
            countIncludePadding = newCountIncludePadding;
            return this;
        }

        /**
         * @param newDivisor number to divide by in place of the number of elements; default 0 for none
         * @return this
         */
        public Builder divisor(double newDivisor) {
            divisor = newDivisor;
            return this;
        }

        @Override
        public AveragePooling build() {
            return checked(new AveragePooling(this));
        }
    }
}
