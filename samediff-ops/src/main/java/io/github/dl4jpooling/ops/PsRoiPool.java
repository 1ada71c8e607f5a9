// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Objects;

/**
 * Position-sensitive RoI pooling: the mean of the elements of each cell, every cell from channels of its own, {@code
 * y[c,i,j] = mean over the cell of x[(c G + g_i) G + g_j]}, with g_i = floor(i G / rows), g_j = floor(j G / columns).
 *
 * <p>The head of R-FCN: all convolutions are shared by the regions. Only for maps whose channels were trained for it.
 *
 * <p>With s the spatial scale, n the cells along an axis, a region from a to b has its cell i at
 * <ul>
 *   <li>{@link Variant#TORCHVISION}: A = round(a s), halves away from zero, L = max(round(b s) - A, 1); elements
 *       floor(i L / n) + A to ceil((i + 1) L / n) + A. The last row and column of the map are never read, as in
 *       torchvision; its gradient reads them, this one is the exact derivative;
 *   <li>{@link Variant#RFCN}, of the authors: A = round(a) s, L = max((round(b) + 1) s - A, 0.1); elements
 *       floor(i L / n + A) to ceil((i + 1) L / n + A).
 * </ul>
 *
 * <p>Inputs: see {@link RegionOp}; the map has {@code C = C' G G} channels. Output: {@code [K,C',rows,columns]}. An
 * empty cell gives 0. Group size 0, the default, stands for a group a cell: {@code C = C' rows columns}. Boxes have
 * no gradient.
 *
 * <p>Paper: Dai, Li, He, Sun, R-FCN, NIPS 2016.
 */
public final class PsRoiPool extends RegionOp {

    /** Rounding of regions. */
    public enum Variant {
        // The order is stored in saved graphs: new ones go to the end.
        /** Of torchvision. */
        TORCHVISION,
        /** Of the authors of R-FCN. */
        RFCN
    }

    /** For SameDiff, which fills in the arguments. */
    public PsRoiPool() {}

    /**
     * Torchvision's rounding, a group of channels for each cell.
     *
     * @param grid the grid
     */
    public PsRoiPool(RegionGrid grid) {
        this(grid, Variant.TORCHVISION, 0);
    }

    /**
     * @param grid the grid
     * @param variant rounding of regions
     * @param groupSize groups of channels along each axis; 0: as many as cells
     */
    public PsRoiPool(RegionGrid grid, Variant variant, int groupSize) {
        super(grid, options(Objects.requireNonNull(variant, "variant"), groupSize));
    }

    /** @return rounding of regions */
    public Variant variant() {
        return option(0, Variant.class);
    }

    /** @return groups of channels along each axis; 0: as many as cells */
    public int groupSize() {
        return (int) option(1, "groupSize", 0, 1024);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        variant();
        groupSize();
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.PS_ROI_POOL;
    }

    @Override
    protected int[] groups() {
        return groupsOrCells(groupSize());
    }

    @Override
    protected long[] kernelOptions() {
        return options(variant());
    }
}
