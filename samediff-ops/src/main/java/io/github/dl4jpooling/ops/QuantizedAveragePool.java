// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * 8-bit average pooling: the mean of each window of quantised numbers, {@code y = sum_i x_i / D}.
 *
 * <p>The divisor D is chosen as for {@link AveragePool}. Sums are whole numbers and exact; the mean is rescaled and
 * rounded once. For inference of quantised networks; in networks of float numbers take {@link AveragePool}. Arrays and
 * edge cases: {@link QuantizedWindowOp}.
 */
public final class QuantizedAveragePool extends QuantizedWindowOp {

    /** For SameDiff, which fills in the arguments. */
    public QuantizedAveragePool() {}

    /**
     * Divides by the number of elements inside the map and keeps the quantization.
     *
     * @param window the window
     * @param quantization of input and output
     */
    public QuantizedAveragePool(PoolingWindow window, Quantization quantization) {
        this(window, false, quantization, quantization);
    }

    /**
     * Chooses what counts.
     *
     * @param window the window
     * @param countIncludePadding whether elements of the window in the padding count, with value 0
     * @param input quantization of the input
     * @param output quantization of the output, of the same type
     */
    public QuantizedAveragePool(PoolingWindow window, boolean countIncludePadding, Quantization input,
            Quantization output) {
        super(window, input, output, options(countIncludePadding), 0);
    }

    /**
     * Divides by a given number: 1 gives the sum.
     *
     * @param window the window
     * @param divisor the number, finite and not 0
     * @param input quantization of the input
     * @param output quantization of the output, of the same type
     */
    public QuantizedAveragePool(PoolingWindow window, double divisor, Quantization input, Quantization output) {
        super(window, input, output, options(false), divisor);
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
    protected int ownOptions() {
        return 1;
    }

    @Override
    protected int ownRealOptions() {
        return 1;
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.QUANTIZED_AVERAGE_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        countsPadding();
        divisor();
    }

    @Override
    protected String kernel() {
        return "quantized_average";
    }

    @Override
    protected long[] divisorRule() {
        double divisor = divisor();
        return new long[] {divisor != 0 ? 2 : countsPadding() ? 1 : 0, Double.doubleToRawLongBits(divisor)};
    }
}
