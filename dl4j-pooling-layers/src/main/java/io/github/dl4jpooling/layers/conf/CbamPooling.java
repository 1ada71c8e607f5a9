// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.CbamPool;
import io.github.dl4jpooling.ops.SpatialGate;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * CBAM, the convolutional block attention module: a channel gate, then a spatial gate. Definition and edge cases:
 * {@link CbamPool}.
 *
 * <pre>{@code
 * .layer(new CbamPooling.Builder().reduction(8).build())
 * }</pre>
 *
 * <p>Parameters and their first values: see {@link NetworkPoolingLayer}. The network's input type must be set. Masks
 * are not supported.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class CbamPooling extends NetworkPoolingLayer {

    private int reduction = 16;
    private int kernelSize = SpatialGate.KERNEL;

    private CbamPooling(Builder builder) {
        super(builder);
        reduction = builder.reduction;
        kernelSize = builder.kernelSize;
    }

    @Override
    protected CbamPool newOp(boolean training) {
        return new CbamPool(isChannelsLast(), phase(training), reduction, kernelSize);
    }

    /** Builds a {@link CbamPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private int reduction = 16;
        private int kernelSize = SpatialGate.KERNEL;

        /**
         * @param newReduction how many times as many channels as hidden units there are, at least 1; default 16
         * @return this
         */
        public Builder reduction(int newReduction) {
            reduction = newReduction;
            return this;
        }

        /**
         * @param newKernelSize height and width of the kernel, odd; default 7
         * @return this
         */
        public Builder kernelSize(int newKernelSize) {
            kernelSize = newKernelSize;
            return this;
        }

        @Override
        public CbamPooling build() {
            return checked(new CbamPooling(this));
        }
    }
}
