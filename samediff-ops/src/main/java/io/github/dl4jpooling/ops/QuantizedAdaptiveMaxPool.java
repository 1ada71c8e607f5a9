// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * 8-bit adaptive maximum pooling: the largest element of each cell of a grid of given size, whatever the size of the
 * map. Output size 1 is global maximum pooling.
 *
 * <p>Exact where input and output have the same {@link Quantization}. For inference of quantised networks; in networks
 * of float numbers take {@link AdaptiveMaxPool}, whose cells are those of this operator. Arrays and edge cases: {@link
 * QuantizedAdaptivePool}.
 */
public final class QuantizedAdaptiveMaxPool extends QuantizedAdaptivePool {

    /** For SameDiff, which fills in the arguments. */
    public QuantizedAdaptiveMaxPool() {}

    /**
     * Keeps the quantization.
     *
     * @param channelsLast whether the channels are the last axis
     * @param quantization of input and output
     * @param outputSize output size along each spatial axis: one, two or three numbers, each at least 1
     */
    public QuantizedAdaptiveMaxPool(boolean channelsLast, Quantization quantization, int... outputSize) {
        this(channelsLast, quantization, quantization, outputSize);
    }

    /**
     * Rescales.
     *
     * @param channelsLast whether the channels are the last axis
     * @param input quantization of the input
     * @param output quantization of the output, of the same type
     * @param outputSize output size along each spatial axis: one, two or three numbers, each at least 1
     */
    public QuantizedAdaptiveMaxPool(boolean channelsLast, Quantization input, Quantization output, int... outputSize) {
        super(channelsLast, input, output, outputSize);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.QUANTIZED_ADAPTIVE_MAX_POOL;
    }

    @Override
    protected String kernel() {
        return "quantized_maximum";
    }
}
