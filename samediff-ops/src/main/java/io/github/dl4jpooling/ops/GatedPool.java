// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;

/**
 * Gated pooling: maximum and average mixed by a gate that looks at the window, {@code y = q max_i x_i + (1 - q)
 * mean_i x_i}, {@code q = sigmoid(sum_i w_i x_i + b)}.
 *
 * <p>The mask w of the window's size, one for the layer or one a channel, is learned; the bias b may be left out, as
 * in the paper. Places of the window that lie outside the map add nothing to the gate. Not the right choice for
 * windows whose size changes: the mask's is fixed.
 *
 * <pre>
 * dy/dw_i = q (1 - q) (max - mean) x_i,   dy/db = q (1 - q) (max - mean)
 * dy/dx_i = q (1 - q) (max - mean) w_i + q [i is the first maximum] + (1 - q) / N
 * </pre>
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. Further inputs: b (if any) of shape [1] or [C], then w of the kernel's shape, with C in front where
 * channels do not share it. A window that holds a NaN gives NaN.
 *
 * <p>Paper: C.-Y. Lee, P. Gallagher, Z. Tu: "Generalizing pooling functions in convolutional neural networks: mixed,
 * gated, and tree", AISTATS 2016.
 */
public final class GatedPool extends MaskOp {

    /** For SameDiff, which fills in the arguments. */
    public GatedPool() {}

    /**
     * One mask for the layer, no bias.
     *
     * @param window the window
     */
    public GatedPool(PoolingWindow window) {
        this(window, Sharing.LAYER, false);
    }

    /**
     * Chooses who shares a mask.
     *
     * @param window the window
     * @param sharing {@link Sharing#LAYER} or {@link Sharing#CHANNEL}
     * @param bias whether there is a bias
     */
    public GatedPool(PoolingWindow window, Sharing sharing, boolean bias) {
        super(window, sharing, bias);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.GATED_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        return furtherInputs("b", "w");
    }
}
