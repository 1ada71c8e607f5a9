// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Log-mean-exp pooling: a smooth maximum, {@code y = ln(mean_i exp(r x_i)) / r}.
 *
 * <p>Between the average (r towards 0) and the maximum (r large); the gradient is the softmax of r x, so that
 * elements of similar size share it. Made for weakly supervised segmentation. Note the mean: log-<i>sum</i>-exp is
 * larger by {@code ln(N) / r}.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank
 * with the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a
 * window. Exponentials are taken relative to the maximum, so that values of any size are safe. A window that holds a
 * NaN gives NaN.
 *
 * <p>Paper: P. O. Pinheiro, R. Collobert: "From image-level to pixel-level labeling with convolutional networks", CVPR
 * 2015.
 */
public final class LogMeanExpPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public LogMeanExpPool() {}

    /**
     * Starts with r = 1.
     *
     * @param window the window
     */
    public LogMeanExpPool(PoolingWindow window) {
        this(window, 1);
    }

    /**
     * Starts with a sharpness.
     *
     * @param window the window
     * @param r sharpness, from 1e-6 to 1e6
     */
    public LogMeanExpPool(PoolingWindow window, double r) {
        super(window, options(), r);
        checkOptions();
    }

    /** @return the sharpness */
    public double r() {
        return realOption(0, "r", 1e-6, 1e6);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.LOG_MEAN_EXP_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        r();
    }

    @Override
    protected long[] kernelOptions() {
        return new long[] {bits(r())};
    }
}
