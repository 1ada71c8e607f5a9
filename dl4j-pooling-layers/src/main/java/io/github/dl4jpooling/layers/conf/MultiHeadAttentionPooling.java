// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.AttentionOp;
import io.github.dl4jpooling.ops.MultiHeadAttentionPool;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Multi-head attention pooling: learned queries gather from a whole map or sequence. Definition and edge cases: {@link
 * MultiHeadAttentionPool}; masks and output: {@link AttentionPoolingLayer}.
 *
 * <pre>{@code
 * .layer(new MultiHeadAttentionPooling.Builder(4, 16).dimensions(1).build())       // 4 heads of 16: 64 values
 * .layer(new MultiHeadAttentionPooling.Builder(4, 16).queries(3).build())          // 192 values, from an image
 * }</pre>
 *
 * <p>Parameters, as the op names them; l1, l2 and weight decay apply to weights and queries. These get the layer's
 * weight initialisation, biases are 0.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class MultiHeadAttentionPooling extends AttentionPoolingLayer {

    private int queries = 1;
    private int heads = 1;
    private int headSize = 1;

    private MultiHeadAttentionPooling(Builder builder) {
        super(builder);
        queries = builder.queries;
        heads = builder.heads;
        headSize = builder.headSize;
    }

    @Override
    protected AttentionOp newOp(boolean masked) {
        return new MultiHeadAttentionPool(dimensions(), isChannelsLast(), queries, heads, headSize, masked);
    }

    /** Builds a {@link MultiHeadAttentionPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends AttentionPoolingLayer.Builder<Builder> {

        private final int heads;
        private final int headSize;
        private int queries = 1;

        /**
         * Starts with one query.
         *
         * @param heads number of heads
         * @param headSize size of each
         */
        public Builder(int heads, int headSize) {
            this.heads = heads;
            this.headSize = headSize;
        }

        /**
         * @param newQueries number of queries; default 1
         * @return this
         */
        public Builder queries(int newQueries) {
            queries = newQueries;
            return this;
        }

        @Override
        public MultiHeadAttentionPooling build() {
            return checked(new MultiHeadAttentionPooling(this));
        }
    }
}
