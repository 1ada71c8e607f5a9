// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.StripAttention;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Strip attention: the input times a gate made of the means of rows and columns. Definition and edge cases: {@link
 * StripAttention}.
 *
 * <pre>{@code
 * .layer(new StripAttentionPooling.Builder().build())
 * }</pre>
 *
 * <p>Parameters and their first values: see {@link NetworkPoolingLayer}. The network's input type must be set. Masks
 * are not supported.
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class StripAttentionPooling extends NetworkPoolingLayer {

    private StripAttentionPooling(Builder builder) {
        super(builder);
    }

    @Override
    protected StripAttention newOp(boolean training) {
        return new StripAttention(isChannelsLast(), phase(training));
    }

    @Override
    protected double count(INDArray output, String name) {
        int first = isChannelsLast() ? 1 : 2;
        return (double) output.size(0) * output.size(name.endsWith("1") ? first : first + 1);
    }

    /** Builds a {@link StripAttentionPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        @Override
        public StripAttentionPooling build() {
            return checked(new StripAttentionPooling(this));
        }
    }
}
