// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * 8-bit adaptive average pooling: the mean of each cell of a grid of given size, whatever the size of the map.
 * Output size 1 is global average pooling.
 *
 * <p>Sums are whole numbers and exact; the mean is rescaled and rounded once. For inference of quantised networks; in
 * networks of float numbers take {@link AdaptiveAvgPool}, whose cells are those of this operator. Arrays and edge
 * cases: {@link QuantizedAdaptivePool}.
 */
public final class QuantizedAdaptiveAvgPool extends QuantizedAdaptivePool {

    /** For SameDiff, which fills in the arguments. */
    public QuantizedAdaptiveAvgPool() {}

    /**
     * Keeps the quantization.
     *
     * @param channelsLast whether the channels are the last axis
     * @param quantization of input and output
     * @param outputSize output size along each spatial axis: one, two or three numbers, each at least 1
     */
    public QuantizedAdaptiveAvgPool(boolean channelsLast, Quantization quantization, int... outputSize) {
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
    public QuantizedAdaptiveAvgPool(boolean channelsLast, Quantization input, Quantization output, int... outputSize) {
        super(channelsLast, input, output, outputSize);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.QUANTIZED_ADAPTIVE_AVG_POOL;
    }

    @Override
    protected String kernel() {
        return "quantized_average";
    }
}
