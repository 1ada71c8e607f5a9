// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.DeformableAveragePool;
import io.github.dl4jpooling.ops.DeformableBlockPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Deformable average pooling of images that learns where to look: a convolution over the layer's input predicts for each
 * window how far its places move. Definition and edge cases: {@link DeformableBlockPool} and
 * {@link DeformableAveragePool}.
 *
 * <pre>{@code
 * .layer(new DeformablePooling.Builder(3, 3).stride(2, 2).modulated(true).build())
 * }</pre>
 *
 * <p>Parameters: the convolution's "weights", to which l1, l2 and weight decay apply, and its "bias". All are 0 at first
 * (a weight initialisation set for the network does not apply): a new layer is average pooling, and equals
 * {@link AveragePooling} with the same settings, also at the border and with {@code countIncludePadding}. With ceilMode and
 * countIncludePadding at once places behind the padding count too, unlike there.
 *
 * <p>The network's input type must be set. Offsets often train better with a learning rate below that of the other layers.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class DeformablePooling extends WindowPoolingLayer {

    private int groups = 1;
    private boolean modulated;
    private boolean countIncludePadding;

    private DeformablePooling(Builder builder) {
        super(builder);
        groups = builder.groups;
        modulated = builder.modulated;
        countIncludePadding = builder.countIncludePadding;
    }

    @Override
    public WindowedOp op(PoolingWindow window) {
        return new DeformableBlockPool(window, groups, modulated, countIncludePadding);
    }

    /** Builds a {@link DeformablePooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends WindowPoolingLayer.Builder<Builder> {

        private int groups = 1;
        private boolean modulated;
        private boolean countIncludePadding;

        /** @param kernelSize window height and width; none for 2x2 */
        public Builder(int... kernelSize) {
            super(kernelSize);
        }

        /**
         * @param newGroups number of groups of channels with offsets of their own; must divide the number of channels;
         *     default 1
         * @return this
         */
        public Builder groups(int newGroups) {
            groups = newGroups;
            return this;
        }

        /**
         * @param newModulated whether each place also gets a factor, 2 sigmoid(z) with z predicted as the offsets are;
         *     between 0 and 2, 1 at first; default false
         * @return this
         */
        public Builder modulated(boolean newModulated) {
            modulated = newModulated;
            return this;
        }

        /**
         * @param newCountIncludePadding whether to divide by the size of the window; else by the number of its
         *     undisplaced places inside the map; default false
         * @return this
         */
        public Builder countIncludePadding(boolean newCountIncludePadding) {
            countIncludePadding = newCountIncludePadding;
            return this;
        }

        @Override
        public DeformablePooling build() {
            return checked(new DeformablePooling(this));
        }
    }
}
