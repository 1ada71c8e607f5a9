// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.DeformablePolicyBlockPool;
import io.github.dl4jpooling.ops.DeformablePolicyPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.TrainingPhase;
import io.github.dl4jpooling.ops.WindowedOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Deformable policy pooling of images that learns where to look and what counts: a convolution over the layer's input
 * predicts for each window how far its places move and, by a softmax over them, the share of each. Definition and edge
 * cases: {@link DeformablePolicyBlockPool} and {@link DeformablePolicyPool}.
 *
 * <pre>{@code
 * .layer(new DeformablePolicyPooling.Builder(3, 3).stride(2, 2).sampling(true).build())
 * }</pre>
 *
 * <p>With {@code sampling} one place of each window is drawn in training, and the gradient of the shares is estimated
 * by the score function; in inference, and without {@code sampling} always, the result is the expectation.
 *
 * <p>Parameters: the convolution's "weights", to which l1, l2 and weight decay apply, and its "bias". All are 0 at
 * first (a weight initialisation set for the network does not apply): a new layer is average pooling that counts
 * padding. The network's input type must be set. Offsets often train better with a learning rate below that of the
 * other layers.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class DeformablePolicyPooling extends WindowPoolingLayer {

    private int groups = 1;
    private boolean sampling;

    private DeformablePolicyPooling(Builder builder) {
        super(builder);
        groups = builder.groups;
        sampling = builder.sampling;
    }

    @Override
    public WindowedOp op(PoolingWindow window) {
        return op(window, false);
    }

    @Override
    protected WindowedOp op(PoolingWindow window, boolean training) {
        return new DeformablePolicyBlockPool(
                window, groups, training && sampling ? TrainingPhase.TRAINING : TrainingPhase.INFERENCE);
    }

    /** Builds a {@link DeformablePolicyPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private int groups = 1;
        private boolean sampling;

        /** @param kernelSize window height and width; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newGroups number of groups of channels with offsets and shares of their own; must divide that of
         *     channels; default 1
         * @return this
         */
        public Builder groups(int newGroups) {
            groups = newGroups;
            return this;
        }

        /**
         * @param newSampling whether training draws one place of each window; default false: always the expectation
         * @return this
         */
        public Builder sampling(boolean newSampling) {
            sampling = newSampling;
            return this;
        }

        @Override
        public DeformablePolicyPooling build() {
            return checked(new DeformablePolicyPooling(this));
        }
    }
}
