// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.DeformableAveragePool;
import io.github.dl4jpooling.ops.PoolingWindow;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Deformable average pooling of images with offsets that other layers compute: inputs are the array to pool, the
 * offsets and, if modulated, the mask. Shapes, definition and edge cases: {@link DeformableAveragePool}. With a
 * prediction of its own see {@link io.github.dl4jpooling.layers.conf.DeformablePooling}.
 *
 * <pre>{@code
 * .addVertex("pool", new DeformableVertex(PoolingWindow.builder(3, 3).build(), 1, false, true), "x", "offsets")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class DeformableVertex extends WindowPoolingVertex {

    private int groups = 1;
    private boolean modulated;
    private boolean countIncludePadding = true;

    /**
     * Chooses everything.
     *
     * @param window the window, of two dimensions
     * @param groups number of groups of channels that have their own offsets; must divide the number of channels
     * @param modulated whether there is a mask
     * @param countIncludePadding whether to divide by the size of the window; else by the number of its undisplaced
     *     places inside the map
     */
    public DeformableVertex(PoolingWindow window, int groups, boolean modulated, boolean countIncludePadding) {
        super(window);
        this.groups = groups;
        this.modulated = modulated;
        this.countIncludePadding = countIncludePadding;
        op();
    }

    @Override
    public DeformableAveragePool op() {
        return new DeformableAveragePool(window(), groups, modulated, countIncludePadding);
    }

    @Override
    protected long[][] furtherShapes(long... inputShape) {
        return op().furtherShapes(inputShape);
    }
}
