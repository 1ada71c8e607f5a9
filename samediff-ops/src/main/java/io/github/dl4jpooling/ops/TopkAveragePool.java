// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Top-k average pooling: the mean of the k largest elements of each window, {@code y = (x_(1) + ... + x_(m)) / m} with
 * the elements in falling order and m = min(k, N).
 *
 * <p>Between maximum (k = 1) and average (k at least N): less shaken by one outlier than the maximum, less diluted by
 * background than the average; over whole maps it is known from multiple-instance and weakly supervised learning. Not
 * the right choice for large windows with large k: the work grows with k N.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window.
 *
 * <p>Each of the m elements gets 1/m of the gradient, the others none; of equal elements the first, row by row, are
 * taken. A NaN ranks in front of every number, so that a window that holds one gives NaN.
 */
public final class TopkAveragePool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public TopkAveragePool() {}

    /**
     * Starts with a number of elements.
     *
     * @param window the window
     * @param k how many elements of a window are averaged, 1 at least; all where a window holds fewer
     */
    public TopkAveragePool(PoolingWindow window, int k) {
        super(window, options(k));
        checkOptions();
    }

    /** @return how many elements of a window are averaged */
    public int k() {
        return (int) option(0, "k", 1, Integer.MAX_VALUE);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.TOPK_AVERAGE_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        k();
    }

    @Override
    protected long[] kernelOptions() {
        return new long[] {k()};
    }
}
