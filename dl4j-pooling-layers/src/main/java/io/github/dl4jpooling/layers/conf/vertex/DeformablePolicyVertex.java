// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.DeformablePolicyPool;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.TrainingPhase;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Deformable policy pooling of images with offsets and logits that other layers compute: inputs are the array to pool,
 * the offsets and the policy. It computes the expectation, in training too. Shapes, definition and edge cases: {@link
 * DeformablePolicyPool}. With a prediction of its own, and with sampling, see {@link
 * io.github.dl4jpooling.layers.conf.DeformablePolicyPooling}.
 *
 * <pre>{@code
 * .addVertex("pool", new DeformablePolicyVertex(PoolingWindow.builder(3, 3).build(), 1), "x", "offsets", "logits")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class DeformablePolicyVertex extends WindowPoolingVertex {

    private int groups = 1;

    /**
     * Chooses everything.
     *
     * @param window the window, of two dimensions
     * @param groups number of groups of channels that have their own offsets and policy; must divide the number of
     *     channels
     */
    public DeformablePolicyVertex(PoolingWindow window, int groups) {
        super(window);
        this.groups = groups;
        op();
    }

    @Override
    public DeformablePolicyPool op() {
        return new DeformablePolicyPool(window(), groups, TrainingPhase.INFERENCE);
    }

    @Override
    protected long[][] furtherShapes(long... inputShape) {
        return op().furtherShapes(inputShape);
    }
}
