// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Dequantisation: 8-bit numbers to the real ones that they stand for, {@code x = scale (q - zeroPoint)}.
 *
 * <p>Back from what {@link Quantize} and the 8-bit operators give to operators that take real numbers. Input {@code
 * [N,C]} with up to three spatial axes (or channels last), INT8 or UINT8 as the {@link Quantization} says, which has
 * one scale or one a channel; output the same shape, float (the default), double, half or bfloat16.
 *
 * <p>ONNX: DequantizeLinear.
 */
public final class Dequantize extends QuantizationOp {

    // In the order of native_api.h.
    private static final List<DataType> TYPES =
            Arrays.asList(DataType.FLOAT, DataType.DOUBLE, DataType.FLOAT16, DataType.BFLOAT16);

    /** For SameDiff, which fills in the arguments. */
    public Dequantize() {}

    /**
     * To float, for channels first.
     *
     * @param quantization what numbers stand for
     */
    public Dequantize(Quantization quantization) {
        this(quantization, false, DataType.FLOAT);
    }

    /**
     * For either order of axes.
     *
     * @param quantization what numbers stand for
     * @param channelsLast whether the channels are the last axis
     * @param outputType FLOAT, DOUBLE, FLOAT16 or BFLOAT16
     */
    public Dequantize(Quantization quantization, boolean channelsLast, DataType outputType) {
        super(channelsLast, quantization, number(outputType));
    }

    private static int number(DataType type) {
        if (!TYPES.contains(type)) {
            throw new IllegalArgumentException(
                    PoolingOperator.DEQUANTIZE.title() + ": outputType must be one of " + TYPES + ", got " + type);
        }
        return TYPES.indexOf(type);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DEQUANTIZE;
    }

    @Override
    public int differentiableInputs() {
        return 0;
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return name.equals("output") ? TYPES.get(resultType()) : type;
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        long[][] shapes = super.shapes(inputs);
        INDArray x = inputs.get(0);
        QuantizationArguments.check(this, x, channelsLast() ? x.rank() - 1 : 1, quantization());
        return shapes;
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        run("dequantize", inputs.get(0), outputs.get(0));
    }
}
