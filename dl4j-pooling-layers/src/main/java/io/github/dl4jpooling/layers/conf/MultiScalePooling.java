// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.MultiScalePool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.List;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Multi-scale pooling: windows of several sizes over the same map, their results brought to one size and put behind
 * each other. Definition and edge cases: {@link MultiScalePool}.
 *
 * <pre>{@code
 * .layer(new MultiScalePooling.Builder()
 *         .scale(new MaxPooling.Builder(2, 2).stride(2, 2).build())
 *         .scale(new MaxPooling.Builder(4, 4).stride(4, 4).build())
 *         .scale(new MaxPooling.Builder(8, 8).stride(8, 8).build())
 *         .build())
 * }</pre>
 *
 * <p>The mask of the output is that of the first scale; with a given size of the output masks are not supported.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class MultiScalePooling extends CombinedPoolingLayer {

    private int[] outputSize = {};

    private MultiScalePooling(Builder builder) {
        super(builder, new MaxPooling.Builder(2, 2).build(),
                new MaxPooling.Builder(4, 4).stride(4, 4).convolutionMode(ConvolutionMode.Same).build());
        outputSize = builder.outputSize;
    }

    @Override
    protected MultiScalePool newOp(List<PoolingOp> poolings) {
        return new MultiScalePool(poolings, outputSize);
    }

    @Override
    public INDArray reduceMask(INDArray mask) {
        return outputSize.length > 0 ? super.reduceMask(mask) : getParts().get(0).reduceMask(mask);
    }

    @Override
    public MultiScalePooling clone() {
        MultiScalePooling clone = (MultiScalePooling) super.clone();
        clone.outputSize = outputSize.clone();
        return clone;
    }

    /** Builds a {@link MultiScalePooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends CombinedPoolingLayer.Builder<Builder> {

        private int[] outputSize = {};

        /** Starts without scales; with none, maxima of 2x2 and 4x4 windows of images are taken. */
        public Builder() {
            // There is nothing to do.
        }

        /**
         * Adds a scale.
         *
         * @param scale a pooling layer without parameters
         * @return this
         */
        public Builder scale(PoolingLayer scale) {
            return add(scale);
        }

        /**
         * @param newOutputSize size of the output along each axis; default: that of the first scale's result
         * @return this
         */
        public Builder outputSize(int... newOutputSize) {
            outputSize = Objects.requireNonNull(newOutputSize, "outputSize").clone();
            return this;
        }

        @Override
        public MultiScalePooling build() {
            return checked(new MultiScalePooling(this));
        }
    }
}
