// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Sum pooling: the sum of each window, {@code y = sum_i x_i}.
 *
 * <p>Counts evidence: the result grows with the number of active elements. DL4J names a sum pooling too, but its layer
 * throws. Not the right choice where windows at the border, which hold fewer elements, should weigh the same; see
 * {@link AveragePool}.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a window.
 *
 * <p>Every element gets the gradient 1. A window that holds a NaN gives NaN; sums beyond the largest number of the type
 * are infinite.
 */
public final class SumPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public SumPool() {}

    /** @param window the window */
    public SumPool(PoolingWindow window) {
        super(window);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.SUM_POOL;
    }
}
