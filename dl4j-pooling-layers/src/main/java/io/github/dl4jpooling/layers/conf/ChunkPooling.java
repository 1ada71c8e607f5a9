// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.layers.impl.MaskReduction;
import io.github.dl4jpooling.ops.ChunkPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.SpanOp;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Chunk pooling of sequences: the steps of each example that the mask leaves are cut into k chunks of nearly the same
 * length, each of which gives its largest element, mean or sum. Sequences of any length become sequences of length k.
 * An example without steps gives zeros and is masked. Definition and edge cases: {@link ChunkPool}.
 *
 * <pre>{@code
 * .layer(new ChunkPooling.Builder(3).kind(SpanOp.Kind.MEAN).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class ChunkPooling extends MapPoolingLayer {

    private int k;
    private SpanOp.Kind kind = SpanOp.Kind.MAX;

    private ChunkPooling(Builder builder) {
        super(builder);
        k = builder.k;
        kind = builder.kind;
    }

    @Override
    protected ChunkPool newOp(boolean training) {
        return new ChunkPool(isChannelsLast(), k, kind, false);
    }

    @Override
    public PoolingOp maskedOp(boolean training) {
        return new ChunkPool(isChannelsLast(), k, kind, true);
    }

    @Override
    public int dimensions() {
        return 1;
    }

    /** The op gives 0 for an example without steps. */
    @Override
    public boolean clearsMaskedOutputs() {
        return false;
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        return ((ChunkPool) op(false)).outputShape(inputShape);
    }

    @Override
    public INDArray reduceMask(INDArray mask) {
        ((ChunkPool) op(false)).checkStepMask(mask, k);
        return MaskReduction.ofExamples(mask, k);
    }

    @Override
    public ChunkPooling clone() {
        return (ChunkPooling) super.clone();
    }

    /** Builds a {@link ChunkPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private final int k;
        private SpanOp.Kind kind = SpanOp.Kind.MAX;

        /** @param k number of chunks, 1 at least */
        public Builder(int k) {
            this.k = k;
        }

        /**
         * @param newKind what is taken of a chunk; default the largest element
         * @return this
         */
        public Builder kind(SpanOp.Kind newKind) {
            kind = Objects.requireNonNull(newKind, "kind");
            return this;
        }

        @Override
        public ChunkPooling build() {
            return checked(new ChunkPooling(this));
        }
    }
}
