// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * 8-bit soft pooling: the mean of each window of quantised numbers, weighted by the exponential of the numbers they
 * stand for, {@code y = sum_i w_i x_i / sum_i w_i, w_i = exp(s (q_i - max_j q_j))} with s the scale of the input.
 *
 * <p>Weights and sums are float, so that only the result is rounded. For inference of quantised networks; in networks
 * of float numbers take {@link SoftPool}, whose definition and paper are those of this operator. Arrays and edge cases:
 * {@link QuantizedWindowOp}.
 */
public final class QuantizedSoftPool extends QuantizedWindowOp {

    /** For SameDiff, which fills in the arguments. */
    public QuantizedSoftPool() {}

    /**
     * Keeps the quantization.
     *
     * @param window the window
     * @param quantization of input and output
     */
    public QuantizedSoftPool(PoolingWindow window, Quantization quantization) {
        this(window, quantization, quantization);
    }

    /**
     * Rescales.
     *
     * @param window the window
     * @param input quantization of the input
     * @param output quantization of the output, of the same type
     */
    public QuantizedSoftPool(PoolingWindow window, Quantization input, Quantization output) {
        super(window, input, output, new long[0]);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.QUANTIZED_SOFT_POOL;
    }

    @Override
    protected String kernel() {
        return "quantized_soft";
    }
}
