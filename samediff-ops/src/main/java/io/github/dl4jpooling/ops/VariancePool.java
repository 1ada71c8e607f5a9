// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Variance pooling: the variance of each window, {@code v = mean_i (x_i - mean)^2}, or its standard deviation {@code
 * sqrt(v + epsilon)}.
 *
 * <p>A measure of local texture; says nothing of the level. dv/dx_i = 2 (x_i - mean) / N; epsilon keeps the gradient
 * of the standard deviation finite where all elements are equal.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a window.
 * A window that holds a NaN gives NaN; squares beyond the largest number of the type are infinite.
 */
public final class VariancePool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public VariancePool() {}

    /**
     * The variance.
     *
     * @param window the window
     */
    public VariancePool(PoolingWindow window) {
        super(window, options(false), 0);
    }

    private VariancePool(PoolingWindow window, double epsilon) {
        super(window, options(true), epsilon);
        checkOptions();
    }

    /**
     * The standard deviation.
     *
     * @param window the window
     * @param epsilon added to the variance, more than 0; usual: 1e-5
     * @return the operator
     */
    public static VariancePool standardDeviation(PoolingWindow window, double epsilon) {
        return new VariancePool(window, epsilon);
    }

    /** @return whether it is the standard deviation */
    public boolean isStandardDeviation() {
        return flag(0, "standardDeviation");
    }

    /** @return what is added to the variance before its root is taken */
    public double epsilon() {
        return realOption(0, "epsilon", isStandardDeviation() ? 1e-300 : 0, 1e300);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.VARIANCE_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        epsilon();
    }

    @Override
    protected long[] kernelOptions() {
        return new long[] {isStandardDeviation() ? 1 : 0, bits(epsilon())};
    }
}
