// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.SpatialGate;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * CBAM's spatial gate: places times factors made of maxima and means over the channels. Definition and edge cases:
 * {@link SpatialGate}.
 *
 * <pre>{@code
 * .layer(new SpatialGating.Builder().build())
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
public class SpatialGating extends NetworkPoolingLayer {

    private int kernelSize = SpatialGate.KERNEL;

    private SpatialGating(Builder builder) {
        super(builder);
        kernelSize = builder.kernelSize;
    }

    @Override
    protected SpatialGate newOp(boolean training) {
        return new SpatialGate(isChannelsLast(), phase(training), kernelSize);
    }

    /** Builds a {@link SpatialGating}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private int kernelSize = SpatialGate.KERNEL;

        /**
         * @param newKernelSize height and width of the kernel, odd; default 7
         * @return this
         */
        public Builder kernelSize(int newKernelSize) {
            kernelSize = newKernelSize;
            return this;
        }

        @Override
        public SpatialGating build() {
            return checked(new SpatialGating(this));
        }
    }
}
