// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.KMaxPool;
import io.github.dl4jpooling.ops.PoolingOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * K-max pooling of sequences: the k largest elements of each channel, in their order. Sequences of any length become
 * sequences of length k. Steps that a mask leaves out do not take part; where it leaves fewer than k, zeros follow, and
 * the mask of the output says so. Definition and edge cases: {@link KMaxPool}.
 *
 * <pre>{@code
 * .layer(new KMaxPooling.Builder(4).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class KMaxPooling extends MapPoolingLayer {

    private int k;

    private KMaxPooling(Builder builder) {
        super(builder);
        k = builder.k;
    }

    @Override
    protected KMaxPool newOp(boolean training) {
        return new KMaxPool(isChannelsLast(), k, false);
    }

    @Override
    public PoolingOp maskedOp(boolean training) {
        return new KMaxPool(isChannelsLast(), k, true);
    }

    @Override
    public int dimensions() {
        return 1;
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        return ((KMaxPool) op(false)).outputShape(inputShape);
    }

    @Override
    public INDArray reduceMask(INDArray mask) {
        ((KMaxPool) op(false)).checkStepMask(mask, k);
        INDArray result = Nd4j.zeros(mask.dataType(), mask.size(0), k);
        for (long example = 0; example < mask.size(0); example++) {
            long taken = 0;
            for (long step = 0; step < mask.size(1) && taken < k; step++) {
                if (mask.getDouble(example, step) != 0) {
                    result.putScalar(example, taken++, 1);
                }
            }
        }
        return result;
    }

    @Override
    public KMaxPooling clone() {
        return (KMaxPooling) super.clone();
    }

    /** Builds a {@link KMaxPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private final int k;

        /** @param k how many elements are taken, 1 at least */
        public Builder(int k) {
            this.k = k;
        }

        @Override
        public KMaxPooling build() {
            return checked(new KMaxPooling(this));
        }
    }
}
