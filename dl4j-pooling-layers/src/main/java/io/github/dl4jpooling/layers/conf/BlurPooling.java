// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.BlurPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Blur pooling, pooling without aliases: maximum, average or soft pooling at stride 1, then a fixed binomial filter
 * with the layer's stride. Definition and edge cases: {@link BlurPool}. The sizes of the output are those of any
 * pooling with the same settings.
 *
 * <pre>{@code
 * .layer(new BlurPooling.Builder(2, 2).stride(2, 2).filterSize(3).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class BlurPooling extends WindowPoolingLayer {

    private BlurPool.Front front = BlurPool.Front.MAX;
    private int filterSize = 3;
    private BlurPool.Padding filterPadding = BlurPool.Padding.REFLECT;

    private BlurPooling(Builder builder) {
        super(builder);
        front = builder.front;
        filterSize = builder.filterSize;
        filterPadding = builder.filterPadding;
    }

    @Override
    public WindowedOp op(PoolingWindow window) {
        return new BlurPool(window, front, filterSize, filterPadding);
    }

    /** The filter reaches beyond the window. */
    @Override
    public boolean clearsMaskedOutputs() {
        return dimensions() == 1;
    }

    /** Builds a {@link BlurPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private BlurPool.Front front = BlurPool.Front.MAX;
        private int filterSize = 3;
        private BlurPool.Padding filterPadding = BlurPool.Padding.REFLECT;

        /** @param kernelSize window size of the pooling in front along each axis; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newFront what comes before the filter; NONE goes with windows of 1 only; default MAX
         * @return this
         */
        public Builder front(BlurPool.Front newFront) {
            front = Objects.requireNonNull(newFront, "front");
            return this;
        }

        /**
         * @param newFilterSize elements of the filter along each axis, from 1 to 7; default 3
         * @return this
         */
        public Builder filterSize(int newFilterSize) {
            filterSize = newFilterSize;
            return this;
        }

        /**
         * @param newFilterPadding what the filter finds outside its map; default REFLECT
         * @return this
         */
        public Builder filterPadding(BlurPool.Padding newFilterPadding) {
            filterPadding = Objects.requireNonNull(newFilterPadding, "filterPadding");
            return this;
        }

        @Override
        public BlurPooling build() {
            return checked(new BlurPooling(this));
        }
    }
}
