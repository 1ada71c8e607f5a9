// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.StripPool;
import io.github.dl4jpooling.ops.StripPool.Strips;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Strip pooling: means or maxima of whole rows, whole columns, or both. Definition and edge cases: {@link StripPool}.
 *
 * <pre>{@code
 * .layer(new StripPooling.Builder().strips(Strips.HORIZONTAL).build())    // H x 1
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class StripPooling extends LinePoolingLayer {

    private Strips strips = Strips.BOTH;

    private StripPooling(Builder builder) {
        super(builder);
        strips = builder.strips;
    }

    @Override
    protected StripPool newOp(boolean training) {
        return new StripPool(isChannelsLast(), getPoolingType(), strips);
    }

    /** Builds a {@link StripPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends LinePoolingLayer.Builder<Builder> {

        private Strips strips = Strips.BOTH;

        /**
         * @param newStrips which strips are pooled; default rows, then columns
         * @return this
         */
        public Builder strips(Strips newStrips) {
            strips = Objects.requireNonNull(newStrips, "strips");
            return this;
        }

        @Override
        public StripPooling build() {
            return checked(new StripPooling(this));
        }
    }
}
