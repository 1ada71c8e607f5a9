// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.Objects;

/**
 * Mixed pooling: a learned mix of maximum and average, {@code y = a max_i x_i + (1 - a) mean_i x_i}.
 *
 * <p>The network learns how much of each it needs: one proportion a for the layer, one a channel, one for each place
 * of the map, or finer. a = 1 is maximum pooling, a = 0 average pooling. a is not kept in [0, 1]. Where the mix
 * should depend on what is pooled, use {@link GatedPool}.
 *
 * <pre>
 * dy/da = max - mean,   dy/dx_i = a [i is the first maximum] + (1 - a) / N
 * </pre>
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a window.
 * A second input a, whose shape {@link Sharing} gives. A window that holds a NaN gives NaN.
 *
 * <p>Paper: C.-Y. Lee, P. Gallagher, Z. Tu: "Generalizing pooling functions in convolutional neural networks: mixed,
 * gated, and tree", AISTATS 2016.
 */
public final class MixedPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public MixedPool() {}

    /**
     * One proportion for the layer.
     *
     * @param window the window
     */
    public MixedPool(PoolingWindow window) {
        this(window, Sharing.LAYER);
    }

    /**
     * Chooses who shares a proportion.
     *
     * @param window the window
     * @param sharing which windows share a proportion
     */
    public MixedPool(PoolingWindow window, Sharing sharing) {
        super(window, options(Objects.requireNonNull(sharing, "sharing")));
    }

    /** @return which windows share a proportion */
    public Sharing sharing() {
        return option(0, Sharing.class);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.MIXED_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        return List.of(WindowInput.parameter("a", sharing()));
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        sharing();
    }
}
