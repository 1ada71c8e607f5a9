// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * RoI pooling: the largest element of each cell of a region, {@code y = max_i x_i}.
 *
 * <p>Gives a head of fixed size features of a region of any size. Regions and cells are rounded to whole elements,
 * which shifts features by up to half an element: for masks, key points and small objects take {@link RoiAlign}.
 *
 * <p>With s the spatial scale, n the cells along an axis, a region from a to b has its cell i at
 * <ul>
 *   <li>{@link Variant#TORCHVISION} (Caffe's rule): A = round(a s), halves away from zero, L = max(round(b s) - A + 1,
 *       1), elements floor(i L / n) + A to ceil((i + 1) L / n) + A, the last one not included;
 *   <li>{@link Variant#MMCV}: A = a s, L = (b + 1) s - A, elements floor(i L / n + A) to ceil((i + 1) L / n + A);
 *       where L is not positive the region is empty.
 * </ul>
 *
 * <p>Inputs: see {@link RegionOp}. Outputs: {@code [K,C,rows,columns]}, and {@code index} of the same shape (int64),
 * the position y * W + x of the element taken, -1 for an empty cell, which gives 0. The first maximum, row by row,
 * gets the whole gradient. A cell that holds a NaN gives NaN, and its first NaN gets the gradient. Boxes have no
 * gradient.
 *
 * <p>Paper: Girshick, Fast R-CNN, ICCV 2015.
 */
public final class RoiPool extends RegionOp {

    /** Rounding of regions. */
    public enum Variant {
        // The order is stored in saved graphs: new ones go to the end.
        /** Of torchvision and Caffe. */
        TORCHVISION,
        /** Of MMCV. */
        MMCV
    }

    /** For SameDiff, which fills in the arguments. */
    public RoiPool() {}

    /**
     * Torchvision's rounding.
     *
     * @param grid the grid
     */
    public RoiPool(RegionGrid grid) {
        this(grid, Variant.TORCHVISION);
    }

    /**
     * @param grid the grid
     * @param variant rounding of regions
     */
    public RoiPool(RegionGrid grid, Variant variant) {
        super(grid, options(Objects.requireNonNull(variant, "variant")));
    }

    /** @return rounding of regions */
    public Variant variant() {
        return option(0, Variant.class);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        variant();
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.ROI_POOL;
    }

    @Override
    public List<String> outputNames() {
        return Arrays.asList("output", "index");
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return name.equals("index") ? DataType.INT64 : super.typeOf(name, type);
    }

    @Override
    protected long[] kernelOptions() {
        return options(variant());
    }
}
