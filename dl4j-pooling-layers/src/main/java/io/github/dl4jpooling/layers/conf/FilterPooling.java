// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.FilterPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.Sharing;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Filter pooling: each window times a learned filter. Definition and edge cases: {@link FilterPool}. The filter
 * starts as the mean of a whole window, the bias at 0.
 *
 * <pre>{@code
 * .layer(new FilterPooling.Builder(3, 3).stride(2, 2).padding(1, 1).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class FilterPooling extends WindowPoolingLayer {

    private Sharing sharing = Sharing.CHANNEL;
    private boolean hasBias;

    private FilterPooling(Builder builder) {
        super(builder);
        sharing = builder.sharing;
        hasBias = builder.hasBias;
    }

    @Override
    public WindowOp op(PoolingWindow window) {
        return new FilterPool(window, sharing, hasBias);
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        long taps = Arrays.stream(getKernelSize()).asLongStream().reduce(1, Math::multiplyExact);
        parameter.assign(isWeight(name) ? 1.0 / taps : 0);
    }

    /** Builds a {@link FilterPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private Sharing sharing = Sharing.CHANNEL;
        private boolean hasBias;

        /** @param kernelSize window size along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newSharing who shares a filter: LAYER or CHANNEL (the default)
         * @return this
         */
        public Builder sharing(Sharing newSharing) {
            sharing = Objects.requireNonNull(newSharing, "sharing");
            return this;
        }

        /**
         * @param newHasBias whether there is a bias; default false
         * @return this
         */
        public Builder hasBias(boolean newHasBias) {
            hasBias = newHasBias;
            return this;
        }

        @Override
        public FilterPooling build() {
            return checked(new FilterPooling(this));
        }
    }
}
