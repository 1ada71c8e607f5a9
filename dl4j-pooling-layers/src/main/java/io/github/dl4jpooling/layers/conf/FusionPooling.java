// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.FusionPool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.List;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Fusion pooling: several poolings of the same map, whose results are put behind each other, added, averaged, or of
 * which the largest is taken, element by element. Definition and edge cases: {@link FusionPool}.
 *
 * <pre>{@code
 * .layer(new FusionPooling.Builder()
 *         .branch(new MaxPooling.Builder(3, 3).stride(2, 2).padding(1, 1).build())
 *         .branch(new AveragePooling.Builder(5, 5).stride(2, 2).padding(2, 2).build())
 *         .merge(FusionPool.Merge.CONCAT)
 *         .build())
 * }</pre>
 *
 * <p>Masks as of layers with windows: an output counts where the window of a branch holds an element that counts.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class FusionPooling extends CombinedPoolingLayer {

    private FusionPool.Merge merge = FusionPool.Merge.CONCAT;

    private FusionPooling(Builder builder) {
        super(builder, new MaxPooling.Builder(2, 2).build(), new AveragePooling.Builder(2, 2).build());
        merge = builder.merge;
    }

    @Override
    protected FusionPool newOp(List<PoolingOp> poolings) {
        return new FusionPool(merge, poolings);
    }

    @Override
    public INDArray reduceMask(INDArray mask) {
        INDArray result = null;
        for (PoolingLayer branch : getParts()) {
            INDArray next = branch.reduceMask(mask);
            result = result == null ? next : Transforms.max(result, next, true);
        }
        return result;
    }

    @Override
    public FusionPooling clone() {
        return (FusionPooling) super.clone();
    }

    /** Builds a {@link FusionPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends CombinedPoolingLayer.Builder<Builder> {

        private FusionPool.Merge merge = FusionPool.Merge.CONCAT;

        /** Starts without branches; with none, maximum and average of 2x2 windows of images are merged. */
        public Builder() {
            // There is nothing to do.
        }

        /**
         * Adds a branch.
         *
         * @param branch a pooling layer without parameters; results of all branches must have the same size
         * @return this
         */
        public Builder branch(PoolingLayer branch) {
            return add(branch);
        }

        /**
         * @param newMerge how the results become one; default CONCAT
         * @return this
         */
        public Builder merge(FusionPool.Merge newMerge) {
            merge = Objects.requireNonNull(newMerge, "merge");
            return this;
        }

        @Override
        public FusionPooling build() {
            return checked(new FusionPooling(this));
        }
    }
}
