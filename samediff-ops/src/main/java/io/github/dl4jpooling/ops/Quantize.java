// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Quantisation: real numbers to 8-bit ones, {@code q = round(x / scale) + zeroPoint}, ties to even, cut to the range
 * of the type.
 *
 * <p>The first step of inference with 8-bit operators; back again with {@link Dequantize}. Not for training: see {@link
 * FakeQuantize}. Input {@code [N,C]} with up to three spatial axes (or channels last) of type float, double, half or
 * bfloat16; output the same shape, INT8 or UINT8 as the {@link Quantization} says, which has one scale or one a
 * channel. Infinities become the ends of the range; a NaN, for which 8 bits have no number, becomes the zero point.
 *
 * <p>Paper: Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference,
 * CVPR 2018. ONNX: QuantizeLinear.
 */
public final class Quantize extends QuantizationOp {

    /** For SameDiff, which fills in the arguments. */
    public Quantize() {}

    /**
     * For channels first.
     *
     * @param quantization what numbers are to stand for
     */
    public Quantize(Quantization quantization) {
        this(quantization, false);
    }

    /**
     * For either order of axes.
     *
     * @param quantization what numbers are to stand for
     * @param channelsLast whether the channels are the last axis
     */
    public Quantize(Quantization quantization, boolean channelsLast) {
        super(channelsLast, quantization,
                Objects.requireNonNull(quantization, "quantization").type() == DataType.INT8 ? 1 : 0);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.QUANTIZE;
    }

    @Override
    public int differentiableInputs() {
        return 0;
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return name.equals("output") ? quantization().type() : type;
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        run("quantize", inputs.get(0), outputs.get(0));
    }
}
