// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Collections;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pooling to an output size that does not depend on the input's. Along an axis of n elements, cell i of o covers the
 * elements from {@code floor(i n / o)} to before {@code ceil((i + 1) n / o)}: cells overlap by an element where o does
 * not divide n, and repeat elements where o is larger than n.
 */
public abstract class AdaptivePool extends CellOp {

    /** For SameDiff, which fills in the arguments. */
    AdaptivePool() {}

    AdaptivePool(boolean channelsLast, int... outputSize) {
        super(channelsLast, join(outputSize));
        checkOptions();
    }

    /** @return the output size along each spatial axis */
    public final long[] outputSize() {
        return sizes(0, dimensions(), "outputSize");
    }

    @Override
    protected final int dimensions() {
        return dimensions(optionCount());
    }

    @Override
    protected final void checkOptions() {
        super.checkOptions();
        outputSize();
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
        return outputShapes(outputShape(inputs.get(0).shape()));
    }

    private List<Level> levels(INDArray input) {
        long[] n = axes().spatial(input.shape());
        long[] o = outputSize();
        AxisRanges[] ranges = new AxisRanges[n.length];
        for (int a = 0; a < n.length; a++) {
            ranges[a] = AxisRanges.adaptive(n[a], o[a]);
        }
        return Collections.singletonList(new Level(-1, o).add(ranges));
    }

    @Override
    protected final void forward(List<INDArray> inputs, List<INDArray> outputs) {
        poolCells(inputs.get(0), levels(inputs.get(0)), outputs);
    }

    @Override
    protected final void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        poolCellsBackward(levels(inputs.get(0)), saved, outputGradient, inputGradients.get(0));
    }
}
