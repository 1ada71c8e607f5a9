// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.DpidPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Detail-preserving image downscaling (DPID) as pooling; no parameters. Definition and edge cases: {@link DpidPool}.
 *
 * <pre>{@code
 * .layer(new DpidPooling.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class DpidPooling extends WindowPoolingLayer {

    private double lambda = 1;

    private DpidPooling(Builder builder) {
        super(builder);
        lambda = builder.lambda;
    }

    @Override
    public WindowedOp op(PoolingWindow window) {
        return new DpidPool(window, lambda);
    }

    /** Builds a {@link DpidPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private double lambda = 1;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newLambda exponent of the distance, from 0.001 to 1000; default 1
         * @return this
         */
        public Builder lambda(double newLambda) {
            lambda = newLambda;
            return this;
        }

        @Override
        public DpidPooling build() {
            return checked(new DpidPooling(this));
        }
    }
}
