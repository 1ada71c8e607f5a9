// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;

/**
 * Filter pooling: each window times a learned filter, {@code y = sum_i w_i x_i + b}.
 *
 * <p>Average pooling with free weights, or a depthwise convolution with the window rules of pooling (border modes,
 * padding left out). The layer starts as average pooling and learns how to smooth. Weights are not normalised; where
 * the scale must stay, use a pooling whose weights add up to 1.
 *
 * <pre>
 * dy/dx_i = w_i,   dy/dw_i = x_i,   dy/db = 1
 * </pre>
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window and adds nothing. Further inputs: bias (if any) of shape [1] or [C], then filter of the kernel's shape,
 * with C in front where channels do not share it. A window that holds a NaN gives NaN.
 */
public final class FilterPool extends MaskOp {

    /** For SameDiff, which fills in the arguments. */
    public FilterPool() {}

    /**
     * A filter for each channel, no bias.
     *
     * @param window the window
     */
    public FilterPool(PoolingWindow window) {
        this(window, Sharing.CHANNEL, false);
    }

    /**
     * Chooses who shares a filter.
     *
     * @param window the window
     * @param sharing {@link Sharing#LAYER} or {@link Sharing#CHANNEL}
     * @param bias whether there is a bias
     */
    public FilterPool(PoolingWindow window, Sharing sharing, boolean bias) {
        super(window, sharing, bias);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.FILTER_POOL;
    }

    @Override
    public List<WindowInput> furtherInputs() {
        return furtherInputs("bias", "filter");
    }
}
