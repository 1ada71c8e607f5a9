// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pooling of 8-bit numbers to a given size. Cells are those of {@link AdaptivePool}; arrays, quantizations and the
 * rounding of results those of {@link QuantizedWindowOp}. Output size 1 is global pooling. Sequences may have a mask
 * ({@link #withMask}), which works as that of {@link AdaptivePool}: a second input "mask" {@code [N,W]} of the input's
 * type; a cell without a step that counts gives the zero point.
 */
public abstract class QuantizedAdaptivePool extends MapOp {

    private static final int OWN_OPTIONS = 2; // masked, and the number of output sizes

    /** For SameDiff, which fills in the arguments. */
    protected QuantizedAdaptivePool() {}

    /**
     * Starts with a configuration.
     *
     * @param channelsLast whether the channels are the last axis
     * @param input quantization of the input
     * @param output quantization of the output, of the same type
     * @param outputSize output size along each spatial axis: one, two or three numbers, each at least 1
     */
    protected QuantizedAdaptivePool(boolean channelsLast, Quantization input, Quantization output, int... outputSize) {
        super(channelsLast,
                QuantizationArguments.options(
                        join(new int[] {0, Objects.requireNonNull(outputSize, "outputSize").length}, outputSize), input,
                        output));
        addTArgument(QuantizationArguments.realOptions(new double[0], input, output));
        checkOptions(); // reads the arguments alone, which are complete
    }

    @Override
    protected final int dimensions() {
        return (int) option(1, "number of output sizes", 1, MapAxes.KERNEL_AXES);
    }

    /** @return output size along each spatial axis */
    public final long[] outputSize() {
        return sizes(OWN_OPTIONS, dimensions(), "output size");
    }

    /** @return whether there is a mask */
    public final boolean isMasked() {
        return flag(0, "masked");
    }

    /**
     * The same op on masked sequences: with one more input, "mask".
     *
     * @return an op without inputs
     * @throws IllegalArgumentException if it is not one of sequences
     */
    public final QuantizedAdaptivePool withMask() {
        return (QuantizedAdaptivePool) withFlag(0);
    }

    private Quantization[] quantizations() {
        return QuantizationArguments.read(this, OWN_OPTIONS + dimensions(), 0, 2);
    }

    /** @return quantization of the input */
    public final Quantization inputQuantization() {
        return quantizations()[0];
    }

    /** @return quantization of the output */
    public final Quantization outputQuantization() {
        return quantizations()[1];
    }

    /** @return name of the kernel */
    protected abstract String kernel();

    @Override
    protected void checkOptions() {
        super.checkOptions();
        outputSize();
        quantizations();
        checkMasked(isMasked());
    }

    @Override
    public final List<String> inputNames() {
        return isMasked() ? List.of("input", SpanOp.MASK) : Collections.singletonList("input");
    }

    @Override
    public final int differentiableInputs() {
        return 0;
    }

    /**
     * Shape of the result.
     *
     * @param inputShape shape of the input
     * @return the shape
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    public final long[] outputShape(long... inputShape) {
        spatialSizes(inputShape);
        return axes().withSpatial(inputShape, outputSize());
    }

    @Override
    protected final long[][] shapes(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        long[] shape = outputShape(x.shape());
        QuantizationArguments.check(this, x, axes().channelAxis(), quantizations());
        long[] n = axes().spatial(x.shape());
        long[] o = outputSize();
        double elements = 1;
        for (int a = 0; a < n.length; a++) {
            elements *= Math.ceil((double) n[a] / o[a]) + (o[a] > 1 ? 1 : 0);
        }
        if (elements > QuantizedWindowOp.MOST_ELEMENTS) {
            throw error("a cell must have " + QuantizedWindowOp.MOST_ELEMENTS + " elements at most, got a map of "
                    + Arrays.toString(n) + " for an output of " + Arrays.toString(o));
        }
        if (isMasked()) {
            checkShape(SpanOp.MASK, inputs.get(1), x.size(0), n[0]);
        }
        return new long[][] {shape};
    }

    @Override
    protected final void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray x = inputs.get(0);
        long[] geometry = new long[WindowGeometry.WORDS];
        geometry[0] = x.size(0);
        geometry[1] = x.size(axes().channelAxis());
        long[] n = axes().spatial(x.shape());
        long[] o = outputSize();
        int next = 2;
        for (int a = n.length - MapAxes.KERNEL_AXES; a < n.length; a++) {
            geometry[next] = a < 0 ? 1 : n[a];
            geometry[next + 1] = a < 0 ? 1 : o[a];
            geometry[next + 3] = 1; // stride; a kernel of 0 stands for cells
            geometry[next + 5] = 1; // dilation
            next += (WindowGeometry.WORDS - 2) / MapAxes.KERNEL_AXES;
        }
        QuantizationArguments.pool(kernel(), geometry, new long[2], axes(), x, isMasked() ? inputs.get(1) : null,
                outputs.get(0), quantizations());
    }
}
