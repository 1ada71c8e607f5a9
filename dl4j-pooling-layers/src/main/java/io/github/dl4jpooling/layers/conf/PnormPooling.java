// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.PnormPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * P-norm pooling: the p-norm of each window, with any real p. Definition and edge cases: {@link PnormPool}.
 *
 * <pre>{@code
 * .layer(new PnormPooling.Builder(2, 2).stride(2, 2).p(2.5).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class PnormPooling extends WindowPoolingLayer {

    private double p = 2;

    private PnormPooling(Builder builder) {
        super(builder);
        p = builder.p;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new PnormPool(window, p);
    }

    /** Builds a {@link PnormPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private double p = 2;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newP power, from 1/64 to 1e4; default 2
         * @return this
         */
        public Builder p(double newP) {
            p = newP;
            return this;
        }

        @Override
        public PnormPooling build() {
            return checked(new PnormPooling(this));
        }
    }
}
