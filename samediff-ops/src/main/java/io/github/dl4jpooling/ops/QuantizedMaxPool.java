// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * 8-bit maximum pooling: the largest element of each window of quantised numbers.
 *
 * <p>Where input and output have the same {@link Quantization}, as ONNX and TensorFlow Lite ask for, the result is one
 * of the elements and exact; otherwise it is rescaled and rounded once. For inference of quantised networks; in
 * networks of float numbers take {@link MaxPool}. Arrays and edge cases: {@link QuantizedWindowOp}. There is no index.
 */
public final class QuantizedMaxPool extends QuantizedWindowOp {

    /** For SameDiff, which fills in the arguments. */
    public QuantizedMaxPool() {}

    /**
     * Keeps the quantization.
     *
     * @param window the window
     * @param quantization of input and output
     */
    public QuantizedMaxPool(PoolingWindow window, Quantization quantization) {
        this(window, quantization, quantization);
    }

    /**
     * Rescales.
     *
     * @param window the window
     * @param input quantization of the input
     * @param output quantization of the output, of the same type
     */
    public QuantizedMaxPool(PoolingWindow window, Quantization input, Quantization output) {
        super(window, input, output, new long[0]);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.QUANTIZED_MAX_POOL;
    }

    @Override
    protected String kernel() {
        return "quantized_maximum";
    }
}
