// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.Orientation;
import io.github.dl4jpooling.ops.OrientedPool;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Oriented pooling: means or maxima of windows that are lines of one direction. Definition and edge cases: {@link
 * OrientedPool}. For several directions put several layers side by side, in a graph.
 *
 * <pre>{@code
 * .layer(new OrientedPooling.Builder(5).orientation(Orientation.DIAGONAL).stride(2, 2).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class OrientedPooling extends LinePoolingLayer {

    private int length;
    private Orientation orientation = Orientation.HORIZONTAL;
    private int[] stride;

    private OrientedPooling(Builder builder) {
        super(builder);
        length = builder.length;
        orientation = builder.orientation;
        stride = builder.stride;
    }

    @Override
    protected OrientedPool newOp(boolean training) {
        return new OrientedPool(isChannelsLast(), getPoolingType(), orientation, length, stride);
    }

    @Override
    public OrientedPooling clone() {
        OrientedPooling clone = (OrientedPooling) super.clone();
        clone.stride = stride.clone();
        return clone;
    }

    /** Builds an {@link OrientedPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends LinePoolingLayer.Builder<Builder> {

        private final int length;
        private Orientation orientation = Orientation.HORIZONTAL;
        private int[] stride = {1, 1};

        /** @param length number of elements of a line, at least 1 */
        public Builder(int length) {
            this.length = length;
        }

        /**
         * @param newOrientation direction of the lines; default horizontal
         * @return this
         */
        public Builder orientation(Orientation newOrientation) {
            orientation = Objects.requireNonNull(newOrientation, "orientation");
            return this;
        }

        /**
         * @param newStride rows and columns from one line to the next, at least 1: two numbers, or one for both;
         *     default 1
         * @return this
         */
        public Builder stride(int... newStride) {
            stride = Objects.requireNonNull(newStride, "stride").clone();
            return this;
        }

        @Override
        public OrientedPooling build() {
            return checked(new OrientedPooling(this));
        }
    }
}
