// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Inverse distance weighted pooling (IDW): elements weigh more the closer they are to the mean mu of their window,
 * {@code y = sum_i w_i x_i / sum_i w_i}, {@code w_i = 1 / |x_i - mu|}.
 *
 * <p>Harder than {@link EdscwPool}: an element that equals the mean takes all. Its gradients can be large near such
 * elements; prefer eDSCW for training.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. Where an element equals mu exactly, y is mu and every element gets the gradient 1 / N. A window that holds
 * a NaN gives NaN.
 *
 * <p>Paper: A. Stergiou, R. Poppe: "AdaPool: exponential adaptive pooling for information-retaining downsampling",
 * IEEE TIP 32, 2023.
 */
public final class IdwPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public IdwPool() {}

    /** @param window the window */
    public IdwPool(PoolingWindow window) {
        super(window);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.IDW_POOL;
    }
}
