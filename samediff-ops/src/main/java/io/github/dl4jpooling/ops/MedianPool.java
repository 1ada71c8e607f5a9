// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Median pooling: the lower median of each window, the element of rank floor((N - 1) / 2) of its N elements in
 * ascending order, and its position.
 *
 * <p>Removes outliers without blurring edges. The median gets the whole gradient. The cost grows with the square of the
 * window's size: meant for small windows.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. A second output {@code index}, INT64, of the same shape holds the position of the median in the spatial
 * map, row by row, or -1 for a window without elements. Equal elements rank in their order. A window that holds a
 * NaN gives its first NaN.
 */
public final class MedianPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public MedianPool() {}

    /** @param window the window */
    public MedianPool(PoolingWindow window) {
        super(window);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.MEDIAN_POOL;
    }

    @Override
    protected boolean hasIndex() {
        return true;
    }
}
