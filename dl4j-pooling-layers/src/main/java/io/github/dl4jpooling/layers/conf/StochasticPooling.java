// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.StochasticPool;
import io.github.dl4jpooling.ops.TrainingPhase;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Stochastic pooling: in training an element drawn with a probability proportional to its size, in inference the
 * mean under these probabilities. Definition and edge cases: {@link StochasticPool}.
 *
 * <pre>{@code
 * .layer(new StochasticPooling.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class StochasticPooling extends WindowPoolingLayer {

    private StochasticPool.ZeroPolicy zeroPolicy = StochasticPool.ZeroPolicy.FIRST;

    private StochasticPooling(Builder builder) {
        super(builder);
        zeroPolicy = builder.zeroPolicy;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new StochasticPool(window, TrainingPhase.INFERENCE);
    }

    @Override
    protected WindowOp op(PoolingWindow window, boolean training) {
        return training ? new StochasticPool(window, TrainingPhase.TRAINING, zeroPolicy) : op(window);
    }

    /** Builds a {@link StochasticPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private StochasticPool.ZeroPolicy zeroPolicy = StochasticPool.ZeroPolicy.FIRST;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newZeroPolicy what is taken from a window without positive elements in training; default FIRST
         * @return this
         */
        public Builder zeroPolicy(StochasticPool.ZeroPolicy newZeroPolicy) {
            zeroPolicy = Objects.requireNonNull(newZeroPolicy, "zeroPolicy");
            return this;
        }

        @Override
        public StochasticPooling build() {
            return checked(new StochasticPooling(this));
        }
    }
}
