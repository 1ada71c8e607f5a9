// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.MixedPool;
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
 * Mixed pooling: a learned mix of maximum and average. Definition and edge cases: {@link MixedPool}.
 *
 * <pre>{@code
 * .layer(new MixedPooling.Builder(2, 2).stride(2, 2).sharing(Sharing.CHANNEL).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class MixedPooling extends WindowPoolingLayer {

    private Sharing sharing = Sharing.LAYER;
    private double initialProportion = 0.5;

    private MixedPooling(Builder builder) {
        super(builder);
        sharing = builder.sharing;
        initialProportion = builder.initialProportion;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new MixedPool(window, sharing);
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        parameter.assign(initialProportion);
    }

    /** Builds a {@link MixedPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private Sharing sharing = Sharing.LAYER;
        private double initialProportion = 0.5;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newSharing which windows share a proportion: LAYER (the default), CHANNEL, REGION or CHANNEL_REGION
         * @return this
         */
        public Builder sharing(Sharing newSharing) {
            sharing = Objects.requireNonNull(newSharing, "sharing");
            return this;
        }

        /**
         * @param newInitialProportion first share of the maximum; default 0.5
         * @return this
         */
        public Builder initialProportion(double newInitialProportion) {
            initialProportion = newInitialProportion;
            return this;
        }

        @Override
        public MixedPooling build() {
            return checked(new MixedPooling(this));
        }
    }
}
