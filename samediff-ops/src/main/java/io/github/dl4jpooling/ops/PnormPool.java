// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * P-norm pooling: the p-norm of each window, {@code y = (sum_i |x_i|^p)^(1/p)}, with any real p &gt; 0.
 *
 * <p>p = 1 is the sum of magnitudes, large p the largest magnitude. A sum, not a mean: it grows with the window; see
 * {@link PowerAveragePool} for the mean with a learnable p. ND4J's own operator truncates p to a whole number and gives
 * NaN gradients for windows of zeros; here these have value 0 and gradient 0.
 *
 * <p>{@code dy/dx_i = sign(x_i) (|x_i| / y)^(p-1)}, and 0 where x_i = 0 (for p &lt; 1 the slope there is infinite).
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output of the same rank with
 * the number of windows for each spatial size; types float, double, half, bfloat16. Padding is not part of a window.
 * Powers are taken relative to the largest magnitude, so that values of any size are safe up to y itself. A window that
 * holds a NaN gives NaN.
 *
 * <p>Papers: P. Sermanet, S. Chintala, Y. LeCun: "Convolutional neural networks applied to house numbers digit
 * classification", ICPR 2012; C. Gulcehre et al.: "Learned-norm pooling for deep feedforward and recurrent neural
 * networks", ECML 2014.
 */
public final class PnormPool extends WindowOp {

    /** For SameDiff, which fills in the arguments. */
    public PnormPool() {}

    /**
     * Starts with p = 2.
     *
     * @param window the window
     */
    public PnormPool(PoolingWindow window) {
        this(window, 2);
    }

    /**
     * Starts with a power.
     *
     * @param window the window
     * @param p power, from 1/64 to 1e4
     */
    public PnormPool(PoolingWindow window, double p) {
        super(window, options(), p);
        checkOptions();
    }

    /** @return the power */
    public double p() {
        return realOption(0, "p", 1.0 / 64, 1e4);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.PNORM_POOL;
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
