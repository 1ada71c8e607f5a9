// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.LpPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Lp pooling as PyTorch defines it. Definition and edge cases: {@link LpPool}.
 *
 * <pre>{@code
 * .layer(new LpPooling.Builder(2, 2).stride(2, 2).p(3).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class LpPooling extends WindowPoolingLayer {

    private double p = 2;

    private LpPooling(Builder builder) {
        super(builder);
        p = builder.p;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new LpPool(window, p);
    }

    /** Builds a {@link LpPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private double p = 2;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newP power, from 1 to 1e4; default 2
         * @return this
         */
        public Builder p(double newP) {
            p = newP;
            return this;
        }

        @Override
        public LpPooling build() {
            return checked(new LpPooling(this));
        }
    }
}
