// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.LogMeanExpPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Log-mean-exp pooling: a smooth maximum of each window. Definition and edge cases: {@link LogMeanExpPool}.
 *
 * <pre>{@code
 * .layer(new LogMeanExpPooling.Builder(2, 2).stride(2, 2).r(5).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class LogMeanExpPooling extends WindowPoolingLayer {

    private double r = 1;

    private LogMeanExpPooling(Builder builder) {
        super(builder);
        r = builder.r;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new LogMeanExpPool(window, r);
    }

    /** Builds a {@link LogMeanExpPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private double r = 1;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newR sharpness: towards 0 the average, large the maximum; default 1
         * @return this
         */
        public Builder r(double newR) {
            r = newR;
            return this;
        }

        @Override
        public LogMeanExpPooling build() {
            return checked(new LogMeanExpPooling(this));
        }
    }
}
