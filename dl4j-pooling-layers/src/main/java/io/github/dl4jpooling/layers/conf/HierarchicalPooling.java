// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.HierarchicalPool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.List;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Hierarchical pooling: stages, each a pooling of what the one before gives, in one layer. Definition and edge cases:
 * {@link HierarchicalPool}.
 *
 * <pre>{@code
 * .layer(new HierarchicalPooling.Builder()
 *         .stage(new AveragePooling.Builder(3, 3).stride(1, 1).build())
 *         .stage(new AdaptiveMaxPooling.Builder(1, 1).build())
 *         .build())
 * .layer(HierarchicalPooling.swem(5).build())             // SWEM-hier, for sequences [N,C,W]
 * }</pre>
 *
 * <p>Masks of sequences: where the last stage is an adaptive pooling, as in SWEM-hier, masked steps are left out as if
 * the sequence did not have them. Otherwise masks are those of layers with windows one behind the other, applied to the
 * output of the last stage.
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class HierarchicalPooling extends CombinedPoolingLayer {

    private HierarchicalPooling(Builder builder) {
        super(builder,
                new AveragePooling.Builder(2, 2).stride(1, 1).convolutionMode(ConvolutionMode.Same).build(),
                new MaxPooling.Builder(2, 2).build());
    }

    /**
     * SWEM-hier for text: means of all n neighbouring words, of which the largest are kept.
     *
     * @param n words of a window, 1 at least
     * @return a builder with the two stages
     */
    public static Builder swem(int n) {
        return new Builder()
                .stage(new AveragePooling.Builder(n).stride(1).build())
                .stage(new AdaptiveMaxPooling.Builder(1).build());
    }

    @Override
    protected HierarchicalPool newOp(List<PoolingOp> poolings) {
        return new HierarchicalPool(poolings, false);
    }

    private PoolingLayer last() {
        return getParts().get(getParts().size() - 1);
    }

    private boolean leavesStepsOut() {
        return dimensions() == 1 && last() instanceof AdaptivePoolingLayer;
    }

    @Override
    public PoolingOp maskedOp(boolean training) {
        return leavesStepsOut() ? new HierarchicalPool(poolings(training), true) : op(training);
    }

    @Override
    public INDArray reduceMask(INDArray mask) {
        if (leavesStepsOut()) {
            return ofExamples(mask);
        }
        INDArray result = mask;
        for (PoolingLayer stage : getParts()) {
            result = stage.reduceMask(result);
        }
        return result;
    }

    /** All steps of the output of an example that has any. */
    private INDArray ofExamples(INDArray mask) {
        if (mask.rank() != 2) {
            throw new IllegalArgumentException(
                    "a mask must have shape [batch, length], got " + Arrays.toString(mask.shape()));
        }
        int steps = ((AdaptivePoolingLayer) last()).getOutputSize()[0];
        INDArray result = Nd4j.zeros(mask.dataType(), mask.size(0), steps);
        for (long example = 0; example < mask.size(0); example++) {
            for (long step = 0; step < mask.size(1); step++) {
                if (mask.getDouble(example, step) != 0) {
                    result.slice(example).assign(1);
                    break;
                }
            }
        }
        return result;
    }

    @Override
    public HierarchicalPooling clone() {
        return (HierarchicalPooling) super.clone();
    }

    /** Builds a {@link HierarchicalPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends CombinedPoolingLayer.Builder<Builder> {

        /** Starts without stages; with none, averages and then maxima of 2x2 windows of images are taken. */
        public Builder() {
            // There is nothing to do.
        }

        /**
         * Adds a stage.
         *
         * @param stage a pooling layer without parameters
         * @return this
         */
        public Builder stage(PoolingLayer stage) {
            return add(stage);
        }

        @Override
        public HierarchicalPooling build() {
            return checked(new HierarchicalPooling(this));
        }
    }
}
