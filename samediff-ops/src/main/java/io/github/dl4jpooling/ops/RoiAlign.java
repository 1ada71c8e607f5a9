// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Objects;

/**
 * RoIAlign: mean, or maximum, of samples spread evenly over each cell of a region, {@code y = (1/nm) sum_ij f(y_i,x_j)}
 * with f the map interpolated linearly. Nothing is rounded.
 *
 * <p>The usual choice for detection and instance segmentation. Where the derivative by the boxes is wanted take {@link
 * PreciseRoiPool}; for several maps of a pyramid {@link MultiLevelRoiAlign}.
 *
 * <p>A region from (x1,y1) to (x2,y2) covers {@code x1 s - 1/2} to {@code x2 s - 1/2} of the map, likewise in y, s
 * being the spatial scale. Not aligned, as in the first implementations: {@code x1 s} to {@code x2 s}, lengthened to
 * 1 where it is shorter. Samples: see {@link SampledRegionOp}. Defaults: mean, samplingRatio 0, aligned.
 *
 * <p>Inputs: see {@link RegionOp}. Output: {@code [K,C,rows,columns]}. An inverted region with a fixed sampling ratio
 * is sampled as it is. Maximum: samples outside the map take part as 0; the first largest sample, row by row, passes
 * the gradient to its four elements. Boxes have no gradient.
 *
 * <p>Paper: He, Gkioxari, Dollar, Girshick, Mask R-CNN, ICCV 2017. Maximum: MMCV.
 */
public final class RoiAlign extends SampledRegionOp {

    /** What is taken of the samples of a cell. */
    public enum Mode {
        // The order is stored in saved graphs: new ones go to the end.
        /** Their mean. */
        AVERAGE,
        /** The largest. */
        MAXIMUM
    }

    /** For SameDiff, which fills in the arguments. */
    public RoiAlign() {}

    /**
     * Mean, samplingRatio 0, aligned.
     *
     * @param grid the grid
     */
    public RoiAlign(RegionGrid grid) {
        this(grid, Mode.AVERAGE, 0, true);
    }

    /**
     * @param grid the grid
     * @param mode what is taken of the samples
     * @param samplingRatio samples of a cell along each axis, up to 128; 0: about one an element
     * @param aligned whether coordinates name positions between elements rather than elements
     */
    public RoiAlign(RegionGrid grid, Mode mode, int samplingRatio, boolean aligned) {
        super(grid, options(samplingRatio, aligned, Objects.requireNonNull(mode, "mode")));
    }

    /** @return whether coordinates name positions between elements */
    public boolean aligned() {
        return flag(1, "aligned");
    }

    /** @return what is taken of the samples */
    public Mode mode() {
        return option(2, Mode.class);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        aligned();
        mode();
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.ROI_ALIGN;
    }

    @Override
    protected String kernel() {
        return mode() == Mode.MAXIMUM ? "roi_align_max" : "roi_align";
    }

    @Override
    protected long[] kernelOptions() {
        return options(samplingRatio(), aligned());
    }
}
