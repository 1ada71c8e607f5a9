// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Exponential Dice-Sorensen coefficient weighted pooling (eDSCW): elements weigh more the closer they are to the
 * mean mu of their window, {@code y = sum_i w_i x_i}, {@code w = softmax(h)}, {@code h_i = 2 |x_i mu| / (x_i^2 +
 * mu^2)}.
 *
 * <p>Robust to outliers, the opposite of {@link SoftPool} (which its authors also call eM pooling); {@link AdaPool}
 * mixes the two. h lies in [0, 1], so that weights differ by a factor e at most.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. h is 0 where x_i and mu are 0. The gradient is the exact derivative, also through mu; the authors publish
 * {@code w_i}. It has a kink where x_i mu = 0. A window that holds a NaN gives NaN.
 *
 * <p>Paper: A. Stergiou, R. Poppe: "AdaPool: exponential adaptive pooling for information-retaining downsampling",
 * IEEE TIP 32, 2023.
 */
public final class EdscwPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public EdscwPool() {}

    /** @param window the window */
    public EdscwPool(PoolingWindow window) {
        super(window);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.EDSCW_POOL;
    }
}
