// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Deformable RoI pooling: {@link RoiAlign} (mean, aligned) whose cells each move by a learned offset: cell (i,j) of a
 * region of width w and height h by {@code (gamma w offset[k,0,i,j], gamma h offset[k,1,i,j])} in (x,y). With a mask the
 * result is multiplied by {@code mask[k,0,i,j]} (modulation, DCNv2).
 *
 * <p>Lets cells follow the parts of an object. Offsets come from a small network over the region, for instance a {@link
 * RoiAlign} of it, with its last layer zero at the start.
 *
 * <p>Inputs, see {@link RegionOp}: the map; offset {@code [K,2,rows,columns]} and mask {@code [K,1,rows,columns]}, each only
 * if configured, with the channels last like the map's; boxes. Output: {@code [K,C,rows,columns]}. Samples: see {@link
 * SampledRegionOp}. Defaults: samplingRatio 0, gamma 0.1, offset, no mask.
 *
 * <p>Map, offset and mask have a gradient, boxes have none. Where a sample is clamped to the edge of the map its
 * derivative by the offset in that direction is 0 (MMCV's differs there and is not the derivative).
 *
 * <p>Papers: Dai et al., Deformable convolutional networks, ICCV 2017; Zhu, Hu, Lin, Dai, Deformable ConvNets v2, CVPR
 * 2019. Without position sensitivity as MMCV.
 */
public final class DeformableRoiPool extends DeformableRegionOp {

    /** For SameDiff, which fills in the arguments. */
    public DeformableRoiPool() {}

    /**
     * Sampling ratio 0, gamma 0.1, with offset, without mask.
     *
     * @param grid the grid
     */
    public DeformableRoiPool(RegionGrid grid) {
        this(grid, 0, 0.1, true, false);
    }

    /**
     * @param grid the grid
     * @param samplingRatio samples of a cell along each axis, up to 128; 0: about one an element
     * @param gamma how far an offset of 1 moves a cell, as a share of the region's size
     * @param offset whether there is an input with offsets
     * @param mask whether there is an input with a mask
     */
    public DeformableRoiPool(RegionGrid grid, int samplingRatio, double gamma, boolean offset, boolean mask) {
        super(grid, options(samplingRatio, offset, mask), gamma);
    }

    /** @return how far an offset of 1 moves a cell, as a share of the region's size */
    public double gamma() {
        return reach("gamma");
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        gamma();
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DEFORMABLE_ROI_POOL;
    }

    @Override
    int[] offsetGrid() {
        return new int[] {grid().rows(), grid().columns()};
    }

    @Override
    boolean mayHaveClasses() {
        return false;
    }
}
