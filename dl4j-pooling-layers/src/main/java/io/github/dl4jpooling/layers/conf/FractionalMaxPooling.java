// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.FractionalMaxPool;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Fractional maximum pooling: shrinks maps by a factor that need not be whole, with windows at places drawn anew for
 * every map, at inference too. Definition and edge cases: {@link FractionalMaxPool}.
 *
 * <p>Without a seed the draws come from ND4J's generator, and {@code output} called twice differs; with a seed every
 * call draws the same, in training too.
 *
 * <pre>{@code
 * .layer(new FractionalMaxPooling.Builder(2, 2).outputSize(20, 20).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class FractionalMaxPooling extends MapPoolingLayer {

    private int[] kernelSize;
    private int[] outputSize;
    private Long seed;

    private FractionalMaxPooling(Builder builder) {
        super(builder);
        kernelSize = builder.kernelSize;
        outputSize = builder.outputSize;
        seed = builder.seed;
    }

    @Override
    protected FractionalMaxPool newOp(boolean training) {
        FractionalMaxPool.Builder op =
                FractionalMaxPool.builder(kernelSize).outputSize(outputSize).channelsLast(isChannelsLast());
        return seed == null ? op.build() : op.seed(seed).build();
    }

    @Override
    public int dimensions() {
        return length(kernelSize) == 3 ? 3 : 2;
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        return ((FractionalMaxPool) op(false)).outputShape(inputShape);
    }

    @Override
    public FractionalMaxPooling clone() {
        FractionalMaxPooling clone = (FractionalMaxPooling) super.clone();
        clone.kernelSize = kernelSize.clone();
        clone.outputSize = outputSize.clone();
        return clone;
    }

    /** Builds a {@link FractionalMaxPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private final int[] kernelSize;
        private int[] outputSize = {};
        private Long seed;

        /** @param kernelSize window size along each axis: two numbers for images, three for volumes; none for 2x2 */
        public Builder(int... kernelSize) {
            this.kernelSize = Objects.requireNonNull(kernelSize, "kernelSize").length == 0 ? new int[] {2, 2}
                    : kernelSize.clone();
        }

        /**
         * @param newOutputSize output size along each axis; must be set
         * @return this
         */
        public Builder outputSize(int... newOutputSize) {
            outputSize = Objects.requireNonNull(newOutputSize, "outputSize").clone();
            return this;
        }

        /**
         * @param newSeed makes every call draw the same; default: none
         * @return this
         */
        public Builder seed(long newSeed) {
            seed = newSeed;
            return this;
        }

        @Override
        public FractionalMaxPooling build() {
            return checked(new FractionalMaxPooling(this));
        }
    }
}
