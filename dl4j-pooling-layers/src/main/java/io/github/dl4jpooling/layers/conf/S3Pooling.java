// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.S3Pool;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.Arrays;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * S3 pooling: a dense maximum pooling of which random rows and columns are kept in training, and means at inference.
 * Definition and edge cases: {@link S3Pool}.
 *
 * <p>The sizes in training and at inference must be the same, which a network's input type is checked for: they are
 * where the grid size divides the input's.
 *
 * <p>Steps that a sequence's mask leaves out are elements of no window, and windows without any other lose the draw.
 * An output is masked, and 0, unless it has an element both in training, whatever is drawn, and at inference. Masks of
 * images are not supported.
 *
 * <pre>{@code
 * .layer(new S3Pooling.Builder(2).gridSize(4).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class S3Pooling extends MapPoolingLayer {

    private int poolSize;
    private int gridSize;
    private int spatialDimensions = 2;
    private Long seed;
    private boolean maxFirst = true;

    private S3Pooling(Builder builder) {
        super(builder);
        poolSize = builder.poolSize;
        gridSize = builder.gridSize == null ? builder.poolSize : builder.gridSize;
        spatialDimensions = builder.spatialDimensions;
        seed = builder.seed;
        maxFirst = builder.maxFirst;
    }

    @Override
    protected S3Pool newOp(boolean training) {
        return newOp(training, false);
    }

    @Override
    public S3Pool maskedOp(boolean training) {
        return newOp(training, dimensions() == 1);
    }

    @Override
    public INDArray reduceMask(INDArray mask) {
        return ((S3Pool) op(false)).outputMask(mask).castTo(mask.dataType());
    }

    private S3Pool newOp(boolean training, boolean masked) {
        S3Pool.Builder op = S3Pool.builder(poolSize)
                .gridSize(gridSize)
                .dimensions(spatialDimensions)
                .maxFirst(maxFirst)
                .masked(masked)
                .phase(training ? TrainingPhase.TRAINING : TrainingPhase.INFERENCE)
                .channelsLast(isChannelsLast());
        return seed == null ? op.build() : op.seed(seed).build();
    }

    @Override
    public int dimensions() {
        return Math.min(3, Math.max(1, spatialDimensions));
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        S3Pool op = (S3Pool) op(false);
        long[] training = op.outputShape(true, inputShape);
        long[] inference = op.outputShape(false, inputShape);
        if (!Arrays.equals(training, inference)) {
            throw new IllegalArgumentException("sizes in training and at inference must be the same, got "
                    + Arrays.toString(training) + " and " + Arrays.toString(inference) + " for an input of "
                    + Arrays.toString(inputShape) + ": take an input size that is a multiple of the gridSize");
        }
        return inference;
    }

    @Override
    public S3Pooling clone() {
        return (S3Pooling) super.clone();
    }

    /** Builds an {@link S3Pooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private final int poolSize;
        private Integer gridSize;
        private int spatialDimensions = 2;
        private Long seed;
        private boolean maxFirst = true;

        /** @param poolSize window size k, at least 1 */
        public Builder(int poolSize) {
            this.poolSize = poolSize;
        }

        /**
         * @param newGridSize size of the cells that rows and columns are drawn from, a multiple of the pool size;
         *     default the pool size
         * @return this
         */
        public Builder gridSize(int newGridSize) {
            gridSize = newGridSize;
            return this;
        }

        /**
         * @param dimensions 1 for sequences, 2 for images (the default), 3 for volumes
         * @return this
         */
        public Builder spatialDimensions(int dimensions) {
            spatialDimensions = dimensions;
            return this;
        }

        /**
         * @param newSeed makes every training pass draw the same; default: none
         * @return this
         */
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        /**
         * @param newMaxFirst whether maximum pooling comes first; default true. Without it the layer thins out what the
         *     one before it pooled with stride 1.
         * @return this
         */
        public Builder maxFirst(boolean newMaxFirst) {
            maxFirst = newMaxFirst;
            return this;
        }

        @Override
        public S3Pooling build() {
            return checked(new S3Pooling(this));
        }
    }
}
