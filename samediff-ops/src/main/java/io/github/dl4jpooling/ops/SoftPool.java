// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Soft pooling: the mean of each window, weighted by the exponential of its elements.
 *
 * <pre>
 * w_i = exp(x_i) / sum_j exp(x_j),   y = sum_i w_i x_i,   dy/dx_i = w_i (1 + x_i - y)
 * </pre>
 *
 * <p>Large activations dominate, as in max pooling, yet every element gets a gradient, as in average pooling. The
 * result lies between the two. It depends on the scale of the activations: for small ones it is close to the average,
 * for large ones close to the maximum. Not the right choice where an exact maximum is wanted, or for activations of
 * unbounded scale.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Exponentials are taken of x -
 * max, so that values of any size are safe. Padding is not part of a window. A window that holds a NaN gives NaN, one
 * of -infinity alone gives 0 with gradient 0, one that holds +infinity gives +infinity.
 *
 * <p>The gradient is the exact derivative. The paper's authors publish another one, {@code w_i}, which treats the
 * weights as constants.
 *
 * <p>Paper: A. Stergiou, R. Poppe, G. Kalliatakis: "Refining activation downsampling with SoftPool", ICCV 2021.
 */
public final class SoftPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public SoftPool() {}

    /** @param window the window */
    public SoftPool(PoolingWindow window) {
        super(window);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.SOFT_POOL;
    }
}
