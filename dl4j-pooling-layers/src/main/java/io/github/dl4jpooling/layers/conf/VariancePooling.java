// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.VariancePool;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Variance pooling: the variance of each window, or its standard deviation. Definition and edge cases: {@link
 * VariancePool}.
 *
 * <pre>{@code
 * .layer(new VariancePooling.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class VariancePooling extends WindowPoolingLayer {

    private boolean standardDeviation;
    private double epsilon = 1e-5;

    private VariancePooling(Builder builder) {
        super(builder);
        standardDeviation = builder.standardDeviation;
        epsilon = builder.epsilon;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return standardDeviation ? VariancePool.standardDeviation(window, epsilon) : new VariancePool(window);
    }

    /** Builds a {@link VariancePooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private boolean standardDeviation;
        private double epsilon = 1e-5;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newStandardDeviation whether to take the root of the variance; default false
         * @return this
         */
        public Builder standardDeviation(boolean newStandardDeviation) {
            standardDeviation = newStandardDeviation;
            return this;
        }

        /**
         * @param newEpsilon added to the variance before its root is taken; default 1e-5
         * @return this
         */
        public Builder epsilon(double newEpsilon) {
            epsilon = newEpsilon;
            return this;
        }

        @Override
        public VariancePooling build() {
            return checked(new VariancePooling(this));
        }
    }
}
