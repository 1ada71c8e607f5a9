// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.AdaPool;
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
 * Adaptive exponential pooling (AdaPool): a learned mix of eDSCW and soft pooling. Definition and edge cases: {@link
 * AdaPool}.
 *
 * <pre>{@code
 * .layer(new AdaPooling.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class AdaPooling extends WindowPoolingLayer {

    private Sharing sharing = Sharing.REGION;
    private double initialBeta = 0.5;

    private AdaPooling(Builder builder) {
        super(builder);
        sharing = builder.sharing;
        initialBeta = builder.initialBeta;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new AdaPool(window, sharing);
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        parameter.assign(initialBeta);
    }

    /** Builds a {@link AdaPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private Sharing sharing = Sharing.REGION;
        private double initialBeta = 0.5;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newSharing which windows share a beta: REGION (the default), LAYER, CHANNEL or CHANNEL_REGION
         * @return this
         */
        public Builder sharing(Sharing newSharing) {
            sharing = Objects.requireNonNull(newSharing, "sharing");
            return this;
        }

        /**
         * @param newInitialBeta first share of eDSCW; default 0.5
         * @return this
         */
        public Builder initialBeta(double newInitialBeta) {
            initialBeta = newInitialBeta;
            return this;
        }

        @Override
        public AdaPooling build() {
            return checked(new AdaPooling(this));
        }
    }
}
