// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Average pooling: the mean of each window, {@code y = sum_i x_i / D}.
 *
 * <p>The divisor D is the number of elements inside the map (the default), that of elements inside the padded map, as
 * PyTorch's {@code count_include_pad} has it, or a given number. Smooths and keeps the size of the whole response; not
 * the right choice where few strong elements matter.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a window.
 *
 * <p>Every element gets the gradient 1 / D. A window that holds a NaN gives NaN. The mean of finite numbers is finite.
 */
public final class AveragePool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public AveragePool() {}

    /**
     * Divides by the number of elements inside the map.
     *
     * @param window the window
     */
    public AveragePool(PoolingWindow window) {
        this(window, false);
    }

    /**
     * Chooses what counts.
     *
     * @param window the window
     * @param countIncludePadding whether elements of the window in the padding count, with value 0
     */
    public AveragePool(PoolingWindow window, boolean countIncludePadding) {
        super(window, options(countIncludePadding), 0);
    }

    /**
     * Divides by a given number: 1 gives the sum.
     *
     * @param window the window
     * @param divisor the number, finite and not 0
     */
    public AveragePool(PoolingWindow window, double divisor) {
        super(window, options(false), divisor);
        checkOptions();
    }

    /** @return whether elements in the padding count */
    public boolean countsPadding() {
        return flag(0, "countIncludePadding");
    }

    /** @return the divisor, or 0 where it is counted */
    public double divisor() {
        return realOption(0, "divisor", -Double.MAX_VALUE, Double.MAX_VALUE);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.AVERAGE_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        countsPadding();
        divisor();
    }

    @Override
    protected long[] kernelOptions() {
        double divisor = divisor();
        return new long[] {divisor != 0 ? 2 : countsPadding() ? 1 : 0, bits(divisor)};
    }
}
