// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.AdaptivePool;
import java.util.Objects;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a layer that pools to a size that does not depend on the input's: an {@link AdaptivePool}. The
 * number of output sizes decides between sequences (one), images (two) and volumes (three).
 *
 * <p>Steps that a sequence's mask leaves out are in no cell; a cell without any other gives 0 and is masked in the
 * output. Masks of images are not supported.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class AdaptivePoolingLayer extends MapPoolingLayer {

    private int[] outputSize;

    /**
     * Takes the settings of a builder.
     *
     * @param builder the builder
     */
    protected AdaptivePoolingLayer(Builder<?> builder) {
        super(builder);
        outputSize = builder.outputSize;
    }

    @Override
    public final int dimensions() {
        return Math.min(3, Math.max(1, length(outputSize)));
    }

    @Override
    protected abstract AdaptivePool newOp(boolean training);

    private AdaptivePool pool() {
        return (AdaptivePool) op(false);
    }

    @Override
    public final AdaptivePool maskedOp(boolean training) {
        return dimensions() == 1 ? pool().withMask() : pool();
    }

    /** The op gives 0 for a cell without elements. */
    @Override
    public final boolean clearsMaskedOutputs() {
        return false;
    }

    @Override
    public final INDArray reduceMask(INDArray mask) {
        return pool().outputMask(mask).castTo(mask.dataType());
    }

    @Override
    protected final long[] outputShape(long[] inputShape) {
        return pool().outputShape(inputShape);
    }

    @Override
    public AdaptivePoolingLayer clone() {
        AdaptivePoolingLayer clone = (AdaptivePoolingLayer) super.clone();
        clone.outputSize = outputSize.clone();
        return clone;
    }

    /**
     * Settings of adaptive layers.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends PoolingLayer.Builder<T> {

        private int[] outputSize;

        /**
         * Starts with an output size.
         *
         * @param outputSize output size along each axis, at least 1: one number for sequences, two for images, three
         *     for volumes
         */
        protected Builder(int... outputSize) {
            this.outputSize = Objects.requireNonNull(outputSize, "outputSize").clone();
        }

        /**
         * @param newOutputSize output size along each axis, at least 1
         * @return this
         */
        public T outputSize(int... newOutputSize) {
            outputSize = Objects.requireNonNull(newOutputSize, "outputSize").clone();
            return self();
        }
    }
}
