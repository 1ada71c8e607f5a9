// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.SpatialPyramidPool;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Bins;
import io.github.dl4jpooling.ops.SpatialPyramidPool.Type;
import java.util.Arrays;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Spatial pyramid pooling: vectors of one length from images of any size. The input is convolutional, the output feed
 * forward, so that dense layers may follow, and batches may differ in the size of their images. Definition and edge
 * cases: {@link SpatialPyramidPool}.
 *
 * <pre>{@code
 * .layer(new SpatialPyramidPooling.Builder(4, 2, 1).build())    // 21 values a channel
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class SpatialPyramidPooling extends MapPoolingLayer {

    private int[][] levels;
    private Bins bins = Bins.ADAPTIVE;
    private Type poolingType = Type.MAX;

    private SpatialPyramidPooling(Builder builder) {
        super(builder);
        levels = builder.levels;
        bins = builder.bins;
        poolingType = builder.poolingType;
    }

    @Override
    protected SpatialPyramidPool newOp(boolean training) {
        return new SpatialPyramidPool(isChannelsLast(), bins, poolingType, levels);
    }

    @Override
    public int dimensions() {
        return 2;
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        return ((SpatialPyramidPool) op(false)).outputShape(inputShape);
    }

    @Override
    public SpatialPyramidPooling clone() {
        SpatialPyramidPooling clone = (SpatialPyramidPooling) super.clone();
        clone.levels = copy(levels);
        return clone;
    }

    private static int[][] copy(int[][] levels) {
        return Arrays.stream(Objects.requireNonNull(levels, "levels"))
                .map(level -> Objects.requireNonNull(level, "level").clone())
                .toArray(int[][]::new);
    }

    /** Builds a {@link SpatialPyramidPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private int[][] levels;
        private Bins bins = Bins.ADAPTIVE;
        private Type poolingType = Type.MAX;

        /** @param levels bins along each axis, one number a level */
        public Builder(int... levels) {
            this.levels = Arrays.stream(Objects.requireNonNull(levels, "levels")).mapToObj(n -> new int[] {n, n})
                    .toArray(int[][]::new);
        }

        /**
         * @param newLevels rows and columns of bins of each level
         * @return this
         */
        public Builder levels(int[]... newLevels) {
            levels = copy(newLevels);
            return this;
        }

        /**
         * @param newBins how the axes are cut; default adaptive
         * @return this
         */
        public Builder bins(Bins newBins) {
            bins = Objects.requireNonNull(newBins, "bins");
            return this;
        }

        /**
         * @param type what is taken of a bin; default its maximum
         * @return this
         */
        public Builder poolingType(Type type) {
            poolingType = Objects.requireNonNull(type, "poolingType");
            return this;
        }

        @Override
        public SpatialPyramidPooling build() {
            return checked(new SpatialPyramidPooling(this));
        }
    }
}
