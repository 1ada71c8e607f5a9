// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An operator that takes every element of an array to a {@link Quantization}, or back. Arrays have the axes
 * {@code [N,C]}, or these and one to three spatial ones, in either order; the result has the input's shape.
 */
public abstract class QuantizationOp extends PoolingOp {

    private static final int WORDS = 7 + 3 * WindowGeometry.STRIDE_WORDS;
    private static final int OWN_OPTIONS = 2;

    /** For SameDiff, which fills in the arguments. */
    protected QuantizationOp() {}

    /**
     * Starts with a configuration.
     *
     * @param channelsLast whether the channels are the last axis; matters only where each has a scale of its own
     * @param quantization the quantization
     * @param resultType number of the result's type, see {@link #resultType}
     */
    protected QuantizationOp(boolean channelsLast, Quantization quantization, int resultType) {
        super(QuantizationArguments.options(options(channelsLast, resultType), quantization),
                QuantizationArguments.realOptions(new double[0], quantization));
        checkOptions();
    }

    @Override
    public final boolean channelsLast() {
        return flag(0, "channelsLast");
    }

    /** @return number of the result's type, as a kernel takes it */
    protected final int resultType() {
        return (int) option(1, "number of the result's type", 0, 3);
    }

    /** @return the quantization */
    public final Quantization quantization() {
        return QuantizationArguments.read(this, OWN_OPTIONS, 0, 1)[0];
    }

    @Override
    protected void checkOptions() {
        channelsLast();
        resultType();
        quantization();
    }

    @Override
    public final List<String> inputNames() {
        return Collections.singletonList("input");
    }

    private MapAxes axes(INDArray x) {
        return new MapAxes(x.rank() - 2, channelsLast());
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        INDArray x = inputs.get(0);
        if (x.rank() < 2 || x.rank() > 2 + MapAxes.KERNEL_AXES) {
            throw error("the input must have 2 to " + (2 + MapAxes.KERNEL_AXES) + " axes, got shape "
                    + Arrays.toString(x.shape()));
        }
        QuantizationArguments.checkChannels(this, x.size(axes(x).channelAxis()), quantization());
        return new long[][] {x.shape()};
    }

    /**
     * Runs a kernel.
     *
     * @param kernel its name
     * @param x the input
     * @param further the other arrays, the result last
     */
    final void run(String kernel, INDArray x, INDArray... further) {
        Quantization quantization = quantization();
        MapAxes axes = axes(x);
        long[] words = new long[WORDS];
        words[0] = x.size(0);
        words[1] = x.size(axes.channelAxis());
        int next = axes.writeSpatial(words, 2, 1, axes.spatial(x.shape()));
        words[next++] = QuantizationArguments.channelStep(quantization);
        words[next++] = resultType();
        next = axes.writeStrides(words, next, x.stride());
        for (INDArray array : further) {
            next = axes.writeStrides(words, next, array.stride());
        }
        try (INDArray grids = QuantizationArguments.grids(quantization)) {
            Kernels.launch(kernel, words, 1, Stream.concat(Stream.of(x, grids), Arrays.stream(further))
                    .toArray(INDArray[]::new));
        }
    }
}
