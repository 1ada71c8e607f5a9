// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SpikeGatePool;
import io.github.dl4jpooling.ops.SpikingOp;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Gated pooling of spikes: at each step a window lets through the unit that has fired most often so far. The gradient
 * goes straight through to that unit. Definition and edge cases: {@link SpikeGatePool}; axes: {@link
 * SpikingPoolingLayer}.
 *
 * <pre>{@code
 * .layer(new SpikeGatePooling.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class SpikeGatePooling extends SpikingPoolingLayer {

    private SpikeGatePool.Rule rule = SpikeGatePool.Rule.ARGMAX;

    private SpikeGatePooling(Builder builder) {
        super(builder);
        rule = builder.rule;
    }

    @Override
    public SpikingOp op(PoolingWindow window) {
        return new SpikeGatePool(window, false, rule);
    }

    /** Builds a {@link SpikeGatePooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private SpikeGatePool.Rule rule = SpikeGatePool.Rule.ARGMAX;

        /** @param kernelSize window size along each axis but time; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newRule which of the units that have fired most often is let through; default the first
         * @return this
         */
        public Builder rule(SpikeGatePool.Rule newRule) {
            rule = Objects.requireNonNull(newRule, "rule");
            return this;
        }

        @Override
        public SpikeGatePooling build() {
            return checked(new SpikeGatePooling(this));
        }
    }
}
