// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Adaptive average pooling: the mean of each cell of a grid of given size, whatever the size of the map. Output size 1
 * is global average pooling (Lin, Chen, Yan, Network in Network, 2013).
 *
 * <p>Makes feature maps of any size fit a layer that wants one size. Not the right choice where the input size is known
 * and the cells should be even: where the output size does not divide the input's, cells overlap, and elements weigh
 * differently much.
 *
 * <p>Input {@code [N,C,W]}, {@code [N,C,H,W]} or {@code [N,C,D,H,W]} (or channels last), output the same with the
 * output size for the spatial sizes; types float, double, half, bfloat16. Along an axis of n elements, cell i of o
 * covers {@code floor(i n / o)} to before {@code ceil((i + 1) n / o)}; the output size may be larger than the input's,
 * then cells repeat elements. A cell with a NaN gives NaN; a cell of finite elements a finite mean, however large they
 * are, unless there is a mask.
 *
 * <p>Of sequences with a mask ({@link #withMask}, a second input "mask" {@code [N,W]}) cells hold the steps where it is
 * not 0, and a cell without such a step gives 0: see {@link AdaptivePool}.
 */
public final class AdaptiveAvgPool extends AdaptivePool {

    /** For SameDiff, which fills in the arguments. */
    public AdaptiveAvgPool() {}

    /**
     * For channels first.
     *
     * @param outputSize output size along each spatial axis: one, two or three numbers, each at least 1
     */
    public AdaptiveAvgPool(int... outputSize) {
        this(false, outputSize);
    }

    /**
     * For either order of axes.
     *
     * @param channelsLast whether the channels are the last axis
     * @param outputSize output size along each spatial axis: one, two or three numbers, each at least 1
     */
    public AdaptiveAvgPool(boolean channelsLast, int... outputSize) {
        super(channelsLast, outputSize);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.ADAPTIVE_AVG_POOL;
    }

    @Override
    protected boolean isMaximum() {
        return false;
    }
}
