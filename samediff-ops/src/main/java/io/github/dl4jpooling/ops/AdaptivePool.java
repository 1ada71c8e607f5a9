// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pooling to an output size that does not depend on the input's. Along an axis of n elements, cell i of o covers the
 * elements from {@code floor(i n / o)} to before {@code ceil((i + 1) n / o)}: cells overlap by an element where o does
 * not divide n, and repeat elements where o is larger than n.
 *
 * <p>Sequences may have a mask ({@link #withMask}), a second input "mask" {@code [N,W]} of the input's type. Cells stay
 * where they are, and hold those of their steps where the mask is not 0: what the others hold changes nothing, and
 * their gradient is 0. A cell without such a step gives 0, with index -1. A sequence may then have 2^24 steps.
 */
public abstract class AdaptivePool extends CellOp {

    /** Name of the input that says which steps take part. */
    public static final String MASK = SpanOp.MASK;

    private static final int OWN_OPTIONS = 1;

    /** For SameDiff, which fills in the arguments. */
    AdaptivePool() {}

    AdaptivePool(boolean channelsLast, int... outputSize) {
        super(channelsLast, join(new int[OWN_OPTIONS], Objects.requireNonNull(outputSize, "outputSize"))); // not masked
        checkOptions();
    }

    /** @return the output size along each spatial axis */
    public final long[] outputSize() {
        return sizes(OWN_OPTIONS, dimensions(), "outputSize");
    }

    @Override
    protected final int dimensions() {
        return dimensions(optionCount() - OWN_OPTIONS);
    }

    /** @return whether there is a mask */
    public final boolean isMasked() {
        return flag(0, "masked");
    }

    /**
     * The same op on masked sequences: with one more input, {@link #MASK}.
     *
     * @return an op without inputs
     * @throws IllegalArgumentException if it is not one of sequences
     */
    public final AdaptivePool withMask() {
        return (AdaptivePool) withFlag(0);
    }

    /**
     * The mask of the output.
     *
     * @param mask mask of the input, {@code [N,W]}. Not modified.
     * @return 1 for cells with a step that counts, {@code [N,cells]}
     * @throws IllegalArgumentException if it has another rank, or the op is not one of sequences
     */
    public final INDArray outputMask(INDArray mask) {
        checkStepMask(mask, outputSize()[0]);
        return new MaskedCells(mask, ranges(mask.size(1))[0]).mask();
    }

    @Override
    protected final void checkOptions() {
        super.checkOptions();
        outputSize();
        checkMasked(isMasked());
    }

    @Override
    public final List<String> inputNames() {
        return isMasked() ? List.of("input", MASK) : super.inputNames();
    }

    /**
     * Shape of the output.
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
        long[][] shapes = outputShapes(outputShape(x.shape()));
        if (isMasked()) {
            long steps = x.size(axes().spatialAxis(0));
            checkSteps(steps);
            checkShape(MASK, inputs.get(1), x.size(0), steps);
        }
        return shapes;
    }

    private AxisRanges[] ranges(long... n) {
        long[] o = outputSize();
        AxisRanges[] ranges = new AxisRanges[n.length];
        Arrays.setAll(ranges, a -> AxisRanges.adaptive(n[a], o[a]));
        return ranges;
    }

    private List<Level> levels(INDArray input) {
        return Collections.singletonList(
                new Level(-1, outputSize()).add(ranges(axes().spatial(input.shape()))));
    }

    private SpanKernels kernels() {
        return new SpanKernels(axes(), isMaximum() ? SpanOp.Kind.MAX : SpanOp.Kind.MEAN);
    }

    private Spans spans(INDArray mask) {
        return new MaskedCells(mask, ranges(mask.size(1))[0]).spans();
    }

    @Override
    protected final void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray x = inputs.get(0);
        if (!isMasked()) {
            poolCells(x, levels(x), outputs);
        } else if (!x.isEmpty()) {
            kernels().forward(
                    x, null, spans(inputs.get(1)), outputs.get(0), isMaximum() ? outputs.get(1) : null);
        }
    }

    @Override
    protected final void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        INDArray x = inputs.get(0);
        if (!isMasked()) {
            poolCellsBackward(levels(x), saved, outputGradient, inputGradients.get(0));
        } else if (!x.isEmpty()) {
            kernels().backward(x, null, spans(inputs.get(1)), isMaximum() ? saved.get(0) : null, outputGradient,
                    inputGradients.get(0), null);
        }
    }
}
