// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Adaptive maximum pooling: the largest element of each cell of a grid of given size, whatever the size of the map.
 * Output size 1 is global maximum pooling.
 *
 * <p>Makes feature maps of any size fit a layer that wants one size, and keeps the strongest response of each place.
 * Not the right choice where the extent of a feature matters, which a mean keeps.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output the same with the
 * output size for the spatial sizes; types float, double, half, bfloat16. The cells are those of
 * {@link AdaptiveAvgPool}. Second output "index", INT64, of the output's shape: the position of the chosen element in
 * the map of its channel, counted row by row. The first largest element, row by row, is chosen and gets the whole
 * gradient. A cell with a NaN gives NaN and chooses the first one; a cell of -infinity alone gives that.
 *
 * <p>Of sequences with a mask ({@link #withMask}, a second input "mask" {@code [N,W]}) cells hold the steps where it is
 * not 0, and a cell without such a step gives 0 with index -1: see {@link AdaptivePool}.
 */
public final class AdaptiveMaxPool extends AdaptivePool {

    /** For SameDiff, which fills in the arguments. */
    public AdaptiveMaxPool() {}

    /**
     * For channels first.
     *
     * @param outputSize output size along each spatial axis: one, two or three numbers, each at least 1
     */
    public AdaptiveMaxPool(int... outputSize) {
        this(false, outputSize);
    }

    /**
     * For either order of axes.
     *
     * @param channelsLast whether the channels are the last axis
     * @param outputSize output size along each spatial axis: one, two or three numbers, each at least 1
     */
    public AdaptiveMaxPool(boolean channelsLast, int... outputSize) {
        super(channelsLast, outputSize);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.ADAPTIVE_MAX_POOL;
    }

    @Override
    protected boolean isMaximum() {
        return true;
    }
}
