// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.List;

/**
 * Deformable position-sensitive RoI pooling: cells of {@link PsRoiPool} that move by learned offsets and are sampled. The
 * mean of the samples that lie on the map, {@code y = (1/n) sum f(y_i,x_j)}, with channels {@code (c G + g_i) G + g_j} as
 * there.
 *
 * <p>The head of deformable R-FCN. Group size 1 gives the deformable RoI pooling of the paper. Only for maps whose
 * channels were trained for it; else take {@link DeformableRoiPool}.
 *
 * <p>A region covers {@code round(x1) s - 1/2} to {@code (round(x2) + 1) s - 1/2}, 0.1 at least, s being the spatial scale.
 * Cell (i,j) of a region of width w and height h moves by {@code (t w offset[k,2q,u,v], t h offset[k,2q+1,u,v])} in (x,y),
 * with t = transStd, (u,v) the part (floor(i P / rows), floor(j P / columns)) of P by P, q the class of the output channel:
 * consecutive channels share the offsets of a class. It has m by m samples, m = samplesPerPart, each at the top left
 * corner of its share of the cell. A sample more than half an element outside the map is left out and not counted;
 * others are clamped to the map.
 *
 * <p>Inputs, see {@link RegionOp}: the map with {@code C = C' G G} channels; offset {@code [K,2Q,P,P]}, Q dividing C', and
 * mask {@code [K,1,rows,columns]}, each only if configured, with the channels last like the map's; boxes. Outputs: {@code
 * [K,C',rows,columns]} and {@code count} of the same shape, the number n of samples; where it is 0, y is 0. Defaults: G
 * and P as many as cells (0), samplesPerPart 4, transStd 0.1, offset, no mask.
 *
 * <p>Map, offset and mask have a gradient, boxes have none.
 *
 * <p>Paper: Dai et al., Deformable convolutional networks, ICCV 2017.
 */
public final class DeformablePsRoiPool extends DeformableRegionOp {

    /** For SameDiff, which fills in the arguments. */
    public DeformablePsRoiPool() {}

    /**
     * Groups and parts as many as cells, 4 samples, transStd 0.1, with offset, without mask.
     *
     * @param grid the grid
     */
    public DeformablePsRoiPool(RegionGrid grid) {
        this(grid, 0, 0, 4, 0.1, true, false);
    }

    /**
     * @param grid the grid
     * @param groupSize groups of channels along each axis; 0: as many as cells
     * @param partSize offsets along each axis; 0: as many as cells
     * @param samplesPerPart samples of a cell along each axis, 1 to 128
     * @param transStd how far an offset of 1 moves a cell, as a share of the region's size
     * @param offset whether there is an input with offsets
     * @param mask whether there is an input with a mask
     */
    public DeformablePsRoiPool(
            RegionGrid grid,
            int groupSize,
            int partSize,
            int samplesPerPart,
            double transStd,
            boolean offset,
            boolean mask) {
        super(grid, options(samplesPerPart, offset, mask, groupSize, partSize), transStd);
    }

    /** @return groups of channels along each axis; 0: as many as cells */
    public int groupSize() {
        return (int) option(own(0), "groupSize", 0, 1024);
    }

    /** @return offsets along each axis; 0: as many as cells */
    public int partSize() {
        return (int) option(own(1), "partSize", 0, 1024);
    }

    /** @return samples of a cell along each axis */
    public int samplesPerPart() {
        return (int) option(0, "samplesPerPart", 1, LARGEST_SAMPLING_RATIO);
    }

    /** @return how far an offset of 1 moves a cell, as a share of the region's size */
    public double transStd() {
        return reach("transStd");
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        groupSize();
        partSize();
        samplesPerPart();
        transStd();
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.DEFORMABLE_PS_ROI_POOL;
    }

    @Override
    public List<String> outputNames() {
        return Arrays.asList("output", "count");
    }

    @Override
    protected int[] groups() {
        return groupsOrCells(groupSize());
    }

    @Override
    int[] offsetGrid() {
        return groupsOrCells(partSize());
    }

    @Override
    boolean mayHaveClasses() {
        return true;
    }
}
