// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Lp pooling as PyTorch's {@code LPPool} defines it: {@code y = (K / N * sum_i x_i^p)^(1/p)}, with K the size of the
 * whole window and N the number of its elements inside the map.
 *
 * <p>For networks that come from PyTorch; otherwise prefer {@link PnormPool} or {@link PowerAveragePool}, which are
 * defined for all numbers: here no absolute value is taken, so that an odd p &gt; 1 with a negative sum, and a p
 * that is no whole number with a negative element, give NaN. p = 1 is the plain sum.
 *
 * <p>{@code dy/dx_i = K / N * (x_i / y)^(p-1)}; windows of zeros have value 0 and gradient 0.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a window.
 * Clipped windows are scaled up to the whole size, by the factor K / N. A window that holds a NaN gives NaN.
 */
public final class LpPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public LpPool() {}

    /**
     * Starts with p = 2.
     *
     * @param window the window
     */
    public LpPool(PoolingWindow window) {
        this(window, 2);
    }

    /**
     * Starts with a power.
     *
     * @param window the window
     * @param p power, from 1 to 1e4
     */
    public LpPool(PoolingWindow window, double p) {
        super(window, options(), p);
        checkOptions();
    }

    /** @return the power */
    public double p() {
        return realOption(0, "p", 1, 1e4);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.LP_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        p();
    }

    @Override
    protected long[] kernelOptions() {
        return new long[] {bits(p())};
    }
}
