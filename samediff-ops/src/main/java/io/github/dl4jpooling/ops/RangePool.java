// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Range pooling: the largest less the smallest element of each window, {@code y = max_i x_i - min_i x_i}.
 *
 * <p>A measure of local contrast; says nothing of the level. The first maximum and the first minimum of a window,
 * row by row, get the gradients 1 and -1.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a window.
 * A window that holds a NaN gives NaN; differences beyond the largest number of the type are infinite.
 */
public final class RangePool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public RangePool() {}

    /** @param window the window */
    public RangePool(PoolingWindow window) {
        super(window);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.RANGE_POOL;
    }
}
