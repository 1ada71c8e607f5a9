// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import io.github.dl4jpooling.kernel.Kernels;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Maximum unpooling (Zeiler, Taylor, Fergus, ICCV 2011; SegNet): a map of zeros with each element of the input where
 * the index says, the approximate inverse of maximum pooling.
 *
 * <p>For decoders that should put details back where the encoder found them. Not the right choice without the index of
 * a maximum pooling of the same network.
 *
 * <p>Inputs: "input" {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), types float, double,
 * half, bfloat16; "index", INT64, of the same shape: position in the output's map of the same channel, counted row by
 * row, as maximum poolings give it. Output: as the input, with the output size for the spatial sizes.
 *
 * <p>Where the same position occurs several times in a map, as after pooling with overlapping windows, the last element
 * wins, row by row, and it alone gets the gradient. Error: an index outside the output's map.
 */
public final class MaxUnpool extends MapOp {

    private static final int PARAMETER_WORDS = 2 + 2 * MapAxes.KERNEL_AXES + 3 * WindowGeometry.STRIDE_WORDS;

    /** For SameDiff, which fills in the arguments. */
    public MaxUnpool() {}

    /**
     * For channels first.
     *
     * @param outputSize output size along each spatial axis: one, two or three numbers, each at least 1
     */
    public MaxUnpool(int... outputSize) {
        this(false, outputSize);
    }

    /**
     * For either order of axes.
     *
     * @param channelsLast whether the channels are the last axis
     * @param outputSize output size along each spatial axis: one, two or three numbers, each at least 1
     */
    public MaxUnpool(boolean channelsLast, int... outputSize) {
        super(channelsLast, join(Objects.requireNonNull(outputSize, "outputSize")));
        checkOptions();
    }

    /** @return output size along each spatial axis */
    public long[] outputSize() {
        return sizes(0, dimensions(), "outputSize");
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.MAX_UNPOOL;
    }

    @Override
    protected int dimensions() {
        return dimensions(optionCount());
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        positions(outputSize());
    }

    @Override
    public List<String> inputNames() {
        return Arrays.asList("input", INDEX);
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        INDArray input = inputs.get(0);
        spatialSizes(input.shape());
        checkShape(INDEX, inputs.get(1), input.shape());
        return new long[][] {axes().withSpatial(input.shape(), outputSize())};
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        launch("max_unpool_forward", inputs.get(0), inputs.get(1), outputs.get(0));
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        launch("max_unpool_backward", outputGradient, inputs.get(1), inputGradients.get(0));
    }

    private void launch(String kernel, INDArray from, INDArray index, INDArray to) {
        checkIndex(index, positions(outputSize()));
        MapAxes axes = axes();
        long[] parameters = new long[PARAMETER_WORDS];
        parameters[0] = index.size(0);
        parameters[1] = index.size(axes.channelAxis());
        int next = axes.writeSpatial(parameters, 2, 1, axes.spatial(index.shape()));
        next = axes.writeSpatial(parameters, next, 1, outputSize());
        for (INDArray array : new INDArray[] {from, index, to}) {
            next = axes.writeStrides(parameters, next, array.stride());
        }
        Kernels.launch(kernel, parameters, 1, from, index, to);
    }
}
