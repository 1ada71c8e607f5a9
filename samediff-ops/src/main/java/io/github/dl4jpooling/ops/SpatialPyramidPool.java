// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Spatial pyramid pooling (He, Zhang, Ren, Sun, ECCV 2014): the map is pooled to several grids of fixed sizes, and the
 * results stand one behind the other, so that maps of any size give vectors of one length.
 *
 * <p>The layer between convolutions and dense layers of a network that takes images of different sizes. Not the right
 * choice where the position of a feature matters more finely than the finest grid.
 *
 * <p>Input {@code [N,C,H,W]} (or channels last), output {@code [N, sum over levels of C * nH * nW]}; types float,
 * double, half, bfloat16. Levels stand in the order given; inside a level first all cells of channel 0, row by row,
 * then those of channel 1. This order is the same for channels last. The maximum has a second output "index", INT64, of
 * the output's shape: the position of the chosen element in the map of its channel. Ties, NaN and infinities as
 * {@link AdaptiveMaxPool} and {@link AdaptiveAvgPool}.
 */
public final class SpatialPyramidPool extends CellOp {

    /** How an axis of n elements is cut into bins. */
    public enum Bins {
        /** Bin i of b covers floor(i n / b) to before ceil((i + 1) n / b): always b bins, none empty. */
        ADAPTIVE,
        /**
         * Caffe's rule: windows of k = ceil(n / b) side by side over the axis with padding
         * p = floor((k b - n + 1) / 2). A mean divides by the window's extent inside the padded map, padding included.
         * Where p is not less than k Caffe refuses, and so does this operator: for few elements and many bins, always
         * where n is less than b. Everywhere else there are exactly b bins.
         */
        CAFFE
    }

    /** What is taken of a bin. */
    public enum Type {
        /** The largest element. */
        MAX,
        /** The mean. */
        AVG
    }

    private static final int FIXED_OPTIONS = 2;

    /** For SameDiff, which fills in the arguments. */
    public SpatialPyramidPool() {}

    /**
     * Maxima of adaptive bins, channels first.
     *
     * @param levels bins along each axis, one number a level, for instance 4, 2, 1
     */
    public SpatialPyramidPool(int... levels) {
        this(false, Bins.ADAPTIVE, Type.MAX, square(levels));
    }

    /**
     * Everything chosen.
     *
     * @param channelsLast whether the channels are the last axis
     * @param bins how the axes are cut
     * @param type what is taken of a bin
     * @param levels rows and columns of bins of each level; one number means both; at least one level
     */
    public SpatialPyramidPool(boolean channelsLast, Bins bins, Type type, int[]... levels) {
        super(channelsLast, join(new int[] {Objects.requireNonNull(bins, "bins").ordinal(),
            Objects.requireNonNull(type, "type").ordinal()}, flat(Objects.requireNonNull(levels, "levels"))));
        checkOptions();
    }

    private static int[][] square(int[] levels) {
        return Arrays.stream(Objects.requireNonNull(levels, "levels")).mapToObj(n -> new int[] {n, n})
                .toArray(int[][]::new);
    }

    /** Sizes of all levels, rows and columns in turn. */
    private static int[] flat(int[][] levels) {
        int[] sizes = new int[2 * levels.length];
        for (int i = 0; i < levels.length; i++) {
            if (Objects.requireNonNull(levels[i], "level").length < 1 || levels[i].length > 2) {
                throw new IllegalArgumentException(PoolingOperator.SPATIAL_PYRAMID_POOL.title()
                        + ": a level must be one number or two, got " + Arrays.toString(levels[i]));
            }
            sizes[2 * i] = levels[i][0];
            sizes[2 * i + 1] = levels[i][levels[i].length - 1];
        }
        return sizes;
    }

    /** @return how the axes are cut */
    public Bins bins() {
        return option(0, Bins.class);
    }

    /** @return what is taken of a bin */
    public Type type() {
        return option(1, Type.class);
    }

    /** @return rows and columns of bins of each level */
    public long[][] levels() {
        int count = (optionCount() - FIXED_OPTIONS) / 2;
        if (count < 1 || optionCount() % 2 != 0) {
            throw error("there must be at least one level, and two sizes for each, got "
                    + Math.max(0, optionCount() - FIXED_OPTIONS) + " sizes");
        }
        long[][] levels = new long[count][];
        Arrays.setAll(levels, i -> sizes(FIXED_OPTIONS + 2 * i, 2, "levels"));
        return levels;
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.SPATIAL_PYRAMID_POOL;
    }

    @Override
    protected boolean isMaximum() {
        return type() == Type.MAX;
    }

    @Override
    protected int dimensions() {
        return 2;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        bins();
        type();
        levels();
    }

    /**
     * Shape of the output.
     *
     * @param inputShape shape of the input
     * @return the shape
     * @throws IllegalArgumentException if rank or sizes do not fit
     */
    public long[] outputShape(long... inputShape) {
        long[] n = spatialSizes(inputShape);
        long length = 0;
        for (long[] level : levels()) {
            ranges(n, level);
            length += inputShape[axes().channelAxis()] * level[0] * level[1];
        }
        return new long[] {inputShape[0], length};
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        return outputShapes(outputShape(inputs.get(0).shape()));
    }

    private AxisRanges[] ranges(long[] n, long[] level) {
        AxisRanges[] ranges = new AxisRanges[n.length];
        for (int a = 0; a < n.length; a++) {
            ranges[a] = bins() == Bins.CAFFE ? AxisRanges.caffe(n[a], level[a]) : AxisRanges.adaptive(n[a], level[a]);
            if (ranges[a] == null) {
                throw error("Caffe's rule cannot cut " + n[a] + " elements into " + level[a] + " bins (axis " + a
                        + " of the map): the padding would be a window or more; take fewer bins or " + Bins.ADAPTIVE);
            }
        }
        return ranges;
    }

    private List<Level> cells(INDArray input) {
        long[] n = axes().spatial(input.shape());
        List<Level> cells = new ArrayList<>();
        long first = 0;
        for (long[] level : levels()) {
            cells.add(new Level(first, level).add(ranges(n, level)));
            first += input.size(axes().channelAxis()) * level[0] * level[1];
        }
        return cells;
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        poolCells(inputs.get(0), cells(inputs.get(0)), outputs);
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        poolCellsBackward(cells(inputs.get(0)), saved, outputGradient, inputGradients.get(0));
    }
}
