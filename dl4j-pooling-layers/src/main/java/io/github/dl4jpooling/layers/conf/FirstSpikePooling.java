// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.FirstSpikePool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SpikingOp;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * First-spike pooling: the first spike of a window passes and inhibits all that follow. Its gradient goes straight
 * through to the unit that fired. Definition and edge cases: {@link FirstSpikePool}; axes: {@link SpikingPoolingLayer}.
 *
 * <pre>{@code
 * .layer(new FirstSpikePooling.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class FirstSpikePooling extends SpikingPoolingLayer {

    private FirstSpikePooling(Builder builder) {
        super(builder);
    }

    @Override
    public SpikingOp op(PoolingWindow window) {
        return new FirstSpikePool(window, false);
    }

    /** Builds a {@link FirstSpikePooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        /** @param kernelSize window size along each axis but time; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        @Override
        public FirstSpikePooling build() {
            return checked(new FirstSpikePooling(this));
        }
    }
}
