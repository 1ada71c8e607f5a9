// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Minimum pooling: the smallest element of each window, {@code y = min_i x_i = -max_i(-x_i)}.
 *
 * <p>Keeps dark details on a bright ground, as maximum pooling keeps bright ones on a dark ground. Not the right choice
 * behind a rectifier: its many zeros win in almost every window.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a window.
 * The first minimum of a window, row by row, gets the whole gradient. A window that holds a NaN gives NaN, and its
 * first NaN gets the gradient.
 */
public final class MinPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public MinPool() {}

    /** @param window the window */
    public MinPool(PoolingWindow window) {
        super(window);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.MIN_POOL;
    }
}
