// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pooling of 8-bit numbers with a {@link PoolingWindow}.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last) of type INT8 or UINT8, output
 * of the same rank and type with the number of windows for each spatial size. Input and output have a {@link
 * Quantization} each, of one scale or, since channels are pooled apart, one a channel. What is computed is the float
 * operator of the dequantised input, quantised: the same number, or its neighbour where the float result lies half-way
 * between the two.
 *
 * <p>Padding is not part of a window, and neither are steps of a sequence that a mask leaves out: where the window is
 * {@link PoolingWindow#masked}, there is a second input "mask" {@code [N,W]} of the input's type. A window without any
 * element gives the zero point. There is no gradient: train with {@link FakeQuantize}. A window may have 2^23 elements.
 */
public abstract class QuantizedWindowOp extends WindowedOp {

    /** Elements of a window or cell, whose sum fits in 32 bits. */
    static final long MOST_ELEMENTS = 1L << 23;

    /** For SameDiff, which fills in the arguments. */
    protected QuantizedWindowOp() {}

    /**
     * Starts with a configuration.
     *
     * @param window the window
     * @param input quantization of the input
     * @param output quantization of the output
     * @param options options of the operator: {@link #ownOptions} of them
     * @param realOptions real options of the operator: {@link #ownRealOptions} of them
     */
    protected QuantizedWindowOp(PoolingWindow window, Quantization input, Quantization output, long[] options,
            double... realOptions) {
        super(window, QuantizationArguments.options(options, input, output),
                QuantizationArguments.realOptions(realOptions, input, output));
        checkOptions(); // reads the arguments alone, which are complete
    }

    /** @return number of options of the operator */
    protected int ownOptions() {
        return 0;
    }

    /** @return number of real options of the operator */
    protected int ownRealOptions() {
        return 0;
    }

    /** @return name of the kernel */
    protected abstract String kernel();

    /** @return rule for the divisor of an average, and the bits of a divisor */
    protected long[] divisorRule() {
        return new long[] {0, 0};
    }

    private Quantization[] quantizations() {
        return QuantizationArguments.read(this, ownOptions(), ownRealOptions(), 2);
    }

    /** @return quantization of the input */
    public final Quantization inputQuantization() {
        return quantizations()[0];
    }

    /** @return quantization of the output */
    public final Quantization outputQuantization() {
        return quantizations()[1];
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        quantizations();
    }

    @Override
    public final List<String> inputNames() {
        return inputNamesWithMask("input");
    }

    @Override
    public final int differentiableInputs() {
        return 0;
    }

    @Override
    public final Map<String, long[]> parameterShapes(long... inputShape) {
        return Collections.emptyMap();
    }

    @Override
    public final boolean hasParametersByChannel() {
        return false;
    }

    @Override
    public final boolean isWeight(String name) {
        return false;
    }

    private MapAxes axes() {
        return new MapAxes(window().dimensions(), channelsLast());
    }

    @Override
    protected final long[][] shapes(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        WindowGeometry geometry = geometry(x.shape());
        QuantizationArguments.check(this, x, axes().channelAxis(), quantizations());
        int[] kernel = window().kernel();
        double elements = IntStream.range(0, kernel.length)
                .mapToDouble(a -> Math.min(kernel[a], geometry.inputSize(a))).reduce(1, (a, b) -> a * b);
        if (elements > MOST_ELEMENTS) {
            throw error("a window must have " + MOST_ELEMENTS + " elements at most, got " + Arrays.toString(kernel));
        }
        if (window().masked()) {
            checkShape(MASK, inputs.get(1), x.size(0), geometry.inputSize(0));
        }
        return new long[][] {geometry.outputShape()};
    }

    @Override
    protected final void forward(List<INDArray> inputs, List<INDArray> outputs) {
        long[] geometry = new long[WindowGeometry.WORDS];
        geometry(inputs.get(0).shape()).writeTo(geometry, 0);
        QuantizationArguments.pool(kernel(), geometry, divisorRule(), axes(), inputs.get(0),
                window().masked() ? inputs.get(1) : null, outputs.get(0), quantizations());
    }
}
