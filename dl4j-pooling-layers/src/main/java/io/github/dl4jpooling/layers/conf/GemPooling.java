// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.GemPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Generalised-mean (GeM) pooling, with a learnable power p. Definition and edge cases: {@link GemPool}.
 *
 * <pre>{@code
 * .layer(new GemPooling.Builder(2, 2).stride(2, 2).sharing(Sharing.CHANNEL).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class GemPooling extends WindowPoolingLayer {

    private Sharing sharing = Sharing.LAYER;
    private double epsilon = 1e-6;
    private double initialPower = 3;

    private GemPooling(Builder builder) {
        super(builder);
        sharing = builder.sharing;
        epsilon = builder.epsilon;
        initialPower = builder.initialPower;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new GemPool(window, sharing, epsilon);
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        parameter.assign(initialPower);
    }

    /** Builds a {@link GemPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private Sharing sharing = Sharing.LAYER;
        private double epsilon = 1e-6;
        private double initialPower = 3;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newSharing which windows share a power; default LAYER
         * @return this
         */
        public Builder sharing(Sharing newSharing) {
            sharing = Objects.requireNonNull(newSharing, "sharing");
            return this;
        }

        /**
         * @param newEpsilon least value of an element; default 1e-6
         * @return this
         */
        public Builder epsilon(double newEpsilon) {
            epsilon = newEpsilon;
            return this;
        }

        /**
         * @param newInitialPower first value of p; default 3
         * @return this
         */
        public Builder initialPower(double newInitialPower) {
            initialPower = newInitialPower;
            return this;
        }

        @Override
        public GemPooling build() {
            return checked(new GemPooling(this));
        }
    }
}
