// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.List;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * S3 pooling of masked sequences: its windows hold the steps that the mask leaves, its means the windows that hold any.
 */
final class MaskedS3 {

    private final MapAxes axes;
    private final INDArray mask;
    private final long windowSize;
    private final long windows;

    /**
     * @param axes order of the axes of sequences
     * @param mask {@code [batch, steps]}. Not modified.
     * @param windowSize steps of a window
     */
    MaskedS3(MapAxes axes, INDArray mask, long windowSize) {
        this.axes = axes;
        this.mask = mask;
        this.windowSize = windowSize;
        windows = mask.size(1) - windowSize + 1;
    }

    private SpanKernels kernels(SpanOp.Kind kind) {
        return new SpanKernels(axes, kind);
    }

    private MaskedCells cells() {
        return new MaskedCells(mask, AxisRanges.windows(LongStream.range(0, windows).toArray(), windowSize));
    }

    /** The largest elements of windows that are kept, which begin at given steps. */
    void keep(INDArray x, long[] kept, INDArray y, INDArray index) {
        kernels(SpanOp.Kind.MAX).forward(
                x, null, new MaskedCells(mask, AxisRanges.windows(kept, windowSize)).spans(), y, index);
    }

    /** The same for windows that are drawn: in each example those without a step lose. */
    void keep(INDArray x, S3Draw draw, INDArray y, INDArray index) {
        MaskedCells cells = cells();
        long[][] kept = new long[Math.toIntExact(x.size(0))][];
        Arrays.setAll(kept, example -> draw.kept(window -> cells.holds(example, (int) window)));
        kernels(SpanOp.Kind.MAX).forward(x, null, cells.spans(kept), y, index);
    }

    /** The gradient of both. */
    void keepBackward(INDArray x, INDArray index, INDArray yGradient, INDArray xGradient) {
        // The index says all: any span may have chosen any step.
        long outputs = yGradient.size(axes.spatialAxis(0));
        Spans spans = new Spans(x.size(0), mask.size(1), 1, outputs, false);
        int[] steps = LongStream.range(0, mask.size(1)).mapToInt(step -> (int) step).toArray();
        for (int example = 0; example < x.size(0); example++) {
            spans.order(example, steps, null);
            for (int output = 0; output < outputs; output++) {
                spans.moment(example, output, output, 0);
                spans.span(example, 0, output, 0, steps.length);
            }
        }
        kernels(SpanOp.Kind.MAX).backward(x, null, spans, index, yGradient, xGradient, null);
    }

    /** Means of the largest elements of windows. */
    void means(INDArray x, AxisRanges ranges, INDArray y) {
        try (Temporaries temporaries = new Temporaries()) {
            MaskedCells cells = cells();
            INDArray z = x;
            if (windowSize > 1) {
                z = temporaries.create(x.dataType(), windowsShape(x));
                INDArray index = temporaries.create(DataType.INT64, z.shape());
                kernels(SpanOp.Kind.MAX).forward(x, null, cells.spans(), z, index);
            }
            kernels(SpanOp.Kind.MEAN).forward(z, null, means(cells, ranges).spans(), y, null);
        }
    }

    void meansBackward(INDArray x, AxisRanges ranges, INDArray yGradient, INDArray xGradient) {
        MaskedCells cells = cells();
        SpanKernels means = kernels(SpanOp.Kind.MEAN);
        SpanKernels maxima = kernels(SpanOp.Kind.MAX);
        Spans spans = means(cells, ranges).spans();
        if (windowSize == 1) {
            means.backward(x, null, spans, null, yGradient, xGradient, null);
            return;
        }
        List<INDArray> xs = List.of(x);
        WideArrays.runBackward(true, xs, yGradient, List.of(xGradient), (wide, gradient, results, temporaries) -> {
            INDArray z = temporaries.create(wide.get(0).dataType(), windowsShape(x));
            INDArray index = temporaries.create(DataType.INT64, z.shape());
            INDArray zGradient = temporaries.like(z);
            maxima.forward(wide.get(0), null, cells.spans(), z, index);
            means.backward(z, null, spans, null, gradient, zGradient, null);
            maxima.backward(wide.get(0), null, cells.spans(), index, zGradient, results.get(0), null);
        });
    }

    private long[] windowsShape(INDArray x) {
        return axes.withSpatial(x.shape(), windows);
    }

    private static MaskedCells means(MaskedCells windows, AxisRanges ranges) {
        return new MaskedCells(windows.mask(), ranges);
    }

    /**
     * Places that have an element both in training and at inference.
     *
     * @param gridSize windows of a cell
     * @param picks how many of them are kept
     * @param ranges windows of a mean
     */
    INDArray outputMask(long gridSize, int picks, AxisRanges ranges) {
        MaskedCells cells = cells();
        INDArray result = means(cells, ranges).mask();
        for (int example = 0; example < mask.size(0); example++) {
            int place = 0;
            for (long first = 0; first < windows; first += gridSize) {
                int size = (int) Math.min(gridSize, windows - first);
                int holding = 0;
                for (int i = 0; i < size; i++) {
                    holding += cells.holds(example, (int) first + i) ? 1 : 0;
                }
                for (int i = 0; i < Math.min(picks, size); i++, place++) {
                    if (i >= holding) {
                        result.putScalar(example, place, 0);
                    }
                }
            }
        }
        return result;
    }
}
