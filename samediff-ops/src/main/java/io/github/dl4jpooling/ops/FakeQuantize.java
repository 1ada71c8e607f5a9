// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Fake quantisation: every number becomes the nearest one that 8 bits have, {@code y = scale (clip(round(x / scale) +
 * zeroPoint) - zeroPoint)}, and stays real.
 *
 * <p>For quantisation-aware training: a network that has seen the rounding loses less when its poolings, or all of it,
 * become 8-bit. The gradient goes straight through the rounding, whose derivative is 0: it is 1 for what is rounded to
 * a number of the range and 0 outside, which is what {@code dy/dx} means here. Not the right choice for inference,
 * where {@link Quantize} saves memory.
 *
 * <p>Input {@code [N,C]} with up to three spatial axes (or channels last) of type float, double, half or bfloat16,
 * output the same. The {@link Quantization} has one scale or one a channel. A NaN stays NaN, infinities become the
 * ends of the range.
 *
 * <p>Papers: Jacob et al., Quantization and Training of Neural Networks for Efficient Integer-Arithmetic-Only
 * Inference, CVPR 2018; Bengio, Leonard, Courville, Estimating or Propagating Gradients Through Stochastic Neurons,
 * 2013 (straight-through gradients).
 */
public final class FakeQuantize extends QuantizationOp {

    /** For SameDiff, which fills in the arguments. */
    public FakeQuantize() {}

    /**
     * For channels first.
     *
     * @param quantization the quantization
     */
    public FakeQuantize(Quantization quantization) {
        this(quantization, false);
    }

    /**
     * For either order of axes.
     *
     * @param quantization the quantization
     * @param channelsLast whether the channels are the last axis
     */
    public FakeQuantize(Quantization quantization, boolean channelsLast) {
        super(channelsLast, quantization, 0);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.FAKE_QUANTIZE;
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        run("fake_quantize_forward", inputs.get(0), outputs.get(0));
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        run("fake_quantize_backward", inputs.get(0), outputGradient, inputGradients.get(0));
    }
}
