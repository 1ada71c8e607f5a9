// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Multi-scale pooling: poolings of several window sizes, each brought to one map size, one behind the other.
 *
 * <pre>
 * y = the channels of A(P_1(x)), then those of A(P_2(x)), ...
 * </pre>
 *
 * <p>A is {@link AdaptiveAvgPool} to the size of the output: of a map that is too large it takes the means of cells,
 * in one that is too small it repeats elements, averaging the two neighbours where an output lies between them. Shows
 * every place its surroundings in several widths. For results of the same size {@link FusionPool} does the same and
 * has more ways to merge; for vectors of one length {@link SpatialPyramidPool} is the usual choice. Not for exact
 * positions: what comes from large windows is coarse.
 *
 * <p>Scales are any ops with the map as their only input ({@link CombinedOp} says which), with results of the rank of
 * the input: {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last). The output has the given
 * spatial sizes, or those of the first scale's result, and the channels of all scales. Types float, double, half,
 * bfloat16. A NaN reaches what its windows and cells contribute to. The gradient is exact.
 *
 * <p>Memory: one map for each scale that is brought to another size, until it has been; see also {@link FusionPool}.
 */
public final class MultiScalePool extends CombinedOp {

    /** For SameDiff, which fills in the arguments. */
    public MultiScalePool() {}

    /**
     * Maxima of windows, and of windows of twice their size and stride, at the places of the former.
     *
     * @param window the smaller windows; the larger ones have the border mode SAME
     */
    public MultiScalePool(PoolingWindow window) {
        this(Arrays.asList(new MaxPool(window), new MaxPool(doubled(window))));
    }

    /**
     * Brings everything to the size of the first scale.
     *
     * @param scales poolings without further inputs, one at least
     */
    public MultiScalePool(List<? extends PoolingOp> scales) {
        this(scales, new int[0]);
    }

    /**
     * Chooses everything.
     *
     * @param scales poolings without further inputs, one at least
     * @param outputSize size of the output along each spatial axis, each 1 at least; none for that of the first scale
     */
    public MultiScalePool(List<? extends PoolingOp> scales, int... outputSize) {
        super(Arrays.stream(Objects.requireNonNull(outputSize, "outputSize")).asLongStream().toArray(), scales);
    }

    private static PoolingWindow doubled(PoolingWindow window) {
        return PoolingWindow.builder(Arrays.stream(window.kernel()).map(size -> 2 * size).toArray())
                .stride(Arrays.stream(window.stride()).map(size -> 2 * size).toArray())
                .borderMode(BorderMode.SAME)
                .channelsLast(window.channelsLast())
                .build();
    }

    /** @return size of the output along each spatial axis; empty for that of the first scale */
    public int[] outputSize() {
        int[] sizes = new int[optionCount()];
        Arrays.setAll(sizes, i -> (int) option(i, "outputSize", 1, Integer.MAX_VALUE));
        return sizes;
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.MULTI_SCALE_POOL;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        if (outputSize().length > MapAxes.KERNEL_AXES) {
            throw error("outputSize must be one to three numbers, or none, got " + Arrays.toString(outputSize()));
        }
    }

    @Override
    String partName(int part) {
        return "scale " + part;
    }

    /** The same as a fusion, for an input of the given shape. */
    private FusionPool fusion(DataType type, long... inputShape) {
        List<PoolingOp> scales = parts();
        List<PoolingOp> branches = new ArrayList<>();
        int[] size = outputSize();
        for (int i = 0; i < scales.size(); i++) {
            long[] shape = outputShape(i, scales.get(i), type, inputShape);
            if (shape.length < 3 || shape.length != inputShape.length) {
                throw error("scale " + i + " must make a map of the input's rank, got one of shape "
                        + Arrays.toString(shape) + " for an input of shape " + Arrays.toString(inputShape));
            }
            long[] spatial = new MapAxes(shape.length - 2, channelsLast()).spatial(shape);
            int[] own = Arrays.stream(spatial).mapToInt(Math::toIntExact).toArray();
            size = size.length == 0 ? own : size;
            if (size.length != own.length) {
                throw error("outputSize must have one number for each of " + own.length + " spatial axes, got "
                        + Arrays.toString(size));
            }
            branches.add(Arrays.equals(size, own)
                    ? scales.get(i)
                    : new HierarchicalPool(scales.get(i), new AdaptiveAvgPool(channelsLast(), size)));
        }
        return new FusionPool(FusionPool.Merge.CONCAT, branches);
    }

    private FusionPool fusion(INDArray x) {
        return fusion(x.dataType(), x.shape());
    }

    @Override
    long[][] outputShapes(DataType type, long... inputShape) {
        return new long[][] {fusion(type, inputShape).outputShape(inputShape)};
    }

    @Override
    void forward(List<INDArray> inputs, List<INDArray> outputs, Temporaries temporaries) {
        fusion(inputs.get(0)).forward(inputs, outputs, temporaries);
    }

    @Override
    void backward(List<INDArray> inputs, List<INDArray> saved, INDArray yGradient, List<INDArray> gradients,
            Temporaries temporaries) {
        fusion(inputs.get(0)).backward(inputs, saved, yGradient, gradients, temporaries);
    }
}
