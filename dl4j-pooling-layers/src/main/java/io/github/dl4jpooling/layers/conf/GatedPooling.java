// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.GatedPool;
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
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Gated pooling: maximum and average, mixed by a gate that looks at the window. Definition and edge cases: {@link
 * GatedPool}.
 *
 * <pre>{@code
 * .layer(new GatedPooling.Builder(2, 2).stride(2, 2).sharing(Sharing.CHANNEL).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class GatedPooling extends WindowPoolingLayer {

    private Sharing sharing = Sharing.LAYER;
    private boolean hasBias;
    private double initialDeviation = 0.1;

    private GatedPooling(Builder builder) {
        super(builder);
        sharing = builder.sharing;
        hasBias = builder.hasBias;
        initialDeviation = builder.initialDeviation;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new GatedPool(window, sharing, hasBias);
    }

    /** The bias starts at 0, the masks with the authors' small Gaussian numbers. */
    @Override
    public void initializeParameter(String name, INDArray parameter) {
        if (isWeight(name)) {
            Nd4j.getExecutioner().exec(new GaussianDistribution(parameter, 0, initialDeviation));
        } else {
            parameter.assign(0);
        }
    }

    /** Builds a {@link GatedPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private Sharing sharing = Sharing.LAYER;
        private boolean hasBias;
        private double initialDeviation = 0.1;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newSharing who shares a mask: LAYER (the default) or CHANNEL
         * @return this
         */
        public Builder sharing(Sharing newSharing) {
            sharing = Objects.requireNonNull(newSharing, "sharing");
            return this;
        }

        /**
         * @param newHasBias whether the gate has a bias; default false
         * @return this
         */
        public Builder hasBias(boolean newHasBias) {
            hasBias = newHasBias;
            return this;
        }

        /**
         * @param newInitialDeviation standard deviation of the first mask; default 0.1
         * @return this
         */
        public Builder initialDeviation(double newInitialDeviation) {
            initialDeviation = newInitialDeviation;
            return this;
        }

        @Override
        public GatedPooling build() {
            return checked(new GatedPooling(this));
        }
    }
}
