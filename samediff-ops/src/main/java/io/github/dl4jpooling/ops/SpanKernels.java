// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The kernels of span_pool.h: sequences in which spans of steps are pooled. */
final class SpanKernels {

    /** Steps a sequence may have: kernels count those of a span in float. */
    static final long MOST_STEPS = 1 << 24;

    private static final String KERNELS = "span_pool_";
    private static final int HEADER_WORDS = 8;

    private final MapAxes axes;
    private final SpanOp.Kind kind;
    private final boolean decays;
    private final double rate;

    /** Elements of equal weight. */
    SpanKernels(MapAxes axes, SpanOp.Kind kind) {
        this(axes, kind, false, 0);
    }

    /**
     * @param axes order of the axes of sequences
     * @param kind what becomes of the elements of a span
     * @param decays whether they weigh less with their age
     * @param rate 1 over the time constant, where no array says it
     */
    SpanKernels(MapAxes axes, SpanOp.Kind kind, boolean decays, double rate) {
        this.axes = axes;
        this.kind = kind;
        this.decays = decays;
        this.rate = rate;
    }

    /** Writes result and index; there is none but for maxima, and no logTau without a learned decay. */
    void forward(INDArray x, INDArray logTau, Spans spans, INDArray y, INDArray index) {
        long[] parameters = parameters(spans, x, logTau, y, index, null, null);
        try (Temporaries temporaries = new Temporaries()) {
            INDArray[] layout = spans.arrays(temporaries);
            Kernels.launch(KERNELS + "forward", parameters, 2, x, logTau, layout[0], layout[1], layout[2], layout[3],
                    layout[4], y, index);
        }
    }

    /** Writes the gradients of x and logTau. */
    void backward(INDArray x, INDArray logTau, Spans spans, INDArray index, INDArray yGradient, INDArray xGradient,
            INDArray tauGradient) {
        long[] parameters = parameters(spans, x, logTau, yGradient, index, xGradient, tauGradient);
        try (Temporaries temporaries = new Temporaries()) {
            INDArray[] layout = spans.arrays(temporaries);
            Kernels.launch(KERNELS + "backward", parameters, 2, x, logTau, layout[0], layout[1], layout[2], layout[3],
                    layout[4], index, yGradient, xGradient, tauGradient);
        }
    }

    /** The native struct SpanParameters. */
    private long[] parameters(Spans spans, INDArray... arrays) {
        INDArray x = arrays[0];
        long[] parameters = new long[HEADER_WORDS + arrays.length * WindowGeometry.STRIDE_WORDS];
        parameters[0] = x.size(0);
        parameters[1] = x.size(axes.channelAxis());
        parameters[2] = x.size(axes.spatialAxis(0));
        parameters[3] = spans.windows();
        parameters[4] = spans.moments();
        parameters[5] = kind.ordinal();
        parameters[6] = decays ? 1 : 0;
        parameters[7] = Double.doubleToRawLongBits(rate);
        int next = HEADER_WORDS;
        for (INDArray array : Arrays.asList(arrays)) {
            if (array != null && array.rank() == 1) {
                parameters[next + 1] = ArrayMemory.stride(array, 0);
            } else if (array != null) {
                axes.writeStrides(parameters, next, array.stride());
            }
            next += WindowGeometry.STRIDE_WORDS;
        }
        return parameters;
    }
}
