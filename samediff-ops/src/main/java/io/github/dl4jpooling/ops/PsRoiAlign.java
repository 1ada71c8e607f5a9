// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Position-sensitive RoIAlign: {@link RoiAlign} (mean, aligned) with channels of its own for every cell, {@code y[c,i,j]}
 * from channel {@code (c rows + i) columns + j}.
 *
 * <p>What {@link PsRoiPool} does, without its rounding. Only for maps whose channels were trained for it.
 *
 * <p>Inputs: see {@link RegionOp}; the map has {@code C = C' rows columns} channels. Output: {@code [K,C',rows,columns]}.
 * Samples: see {@link SampledRegionOp}. A region without samples gives 0 (torchvision: NaN). Default: samplingRatio 0.
 * Boxes have no gradient.
 *
 * <p>Paper: Li et al., Light-Head R-CNN, 2017.
 */
public final class PsRoiAlign extends SampledRegionOp {

    /** For SameDiff, which fills in the arguments. */
    public PsRoiAlign() {}

    /**
     * Sampling ratio 0.
     *
     * @param grid the grid
     */
    public PsRoiAlign(RegionGrid grid) {
        this(grid, 0);
    }

    /**
     * @param grid the grid
     * @param samplingRatio samples of a cell along each axis, up to 128; 0: about one an element
     */
    public PsRoiAlign(RegionGrid grid, int samplingRatio) {
        super(grid, options(samplingRatio));
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.PS_ROI_ALIGN;
    }

    @Override
    protected int[] groups() {
        return groupsOrCells(0);
    }
}
