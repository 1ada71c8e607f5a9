// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.PowerAveragePool;
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
 * Power-average pooling: the power mean of magnitudes, with a learnable power p. Definition and edge cases: {@link
 * PowerAveragePool}.
 *
 * <pre>{@code
 * .layer(new PowerAveragePooling.Builder(2, 2).stride(2, 2).sharing(Sharing.CHANNEL).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class PowerAveragePooling extends WindowPoolingLayer {

    private Sharing sharing = Sharing.LAYER;
    private double initialPower = 1;

    private PowerAveragePooling(Builder builder) {
        super(builder);
        sharing = builder.sharing;
        initialPower = builder.initialPower;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new PowerAveragePool(window, sharing);
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        parameter.assign(initialPower);
    }

    /** Builds a {@link PowerAveragePooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private Sharing sharing = Sharing.LAYER;
        private double initialPower = 1;

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
         * @param newInitialPower first value of p; default 1
         * @return this
         */
        public Builder initialPower(double newInitialPower) {
            initialPower = newInitialPower;
            return this;
        }

        @Override
        public PowerAveragePooling build() {
            return checked(new PowerAveragePooling(this));
        }
    }
}
