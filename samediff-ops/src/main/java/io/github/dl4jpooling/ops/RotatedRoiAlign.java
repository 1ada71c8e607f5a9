// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * Rotated RoIAlign: {@link RoiAlign} (mean) of turned regions, for text and aerial images.
 *
 * <p>Boxes are {@code [K,6]}: number of the image, centre x, centre y, width, height, angle in radians. A sample at (u,v)
 * from the centre, along the region's height and width, is taken at
 * {@code y = u cos t - v sin t + cy s - 1/2, x = u sin t + v cos t + cx s - 1/2}, with s the spatial scale; {@code
 * clockwise} turns the other way. Not aligned: without the halves, and width and height are 1 at least. Samples: see
 * {@link SampledRegionOp}. Defaults: samplingRatio 0, aligned, not clockwise.
 *
 * <p>Inputs: see {@link RegionOp}. Output: {@code [K,C,rows,columns]}. Boxes have no gradient.
 *
 * <p>Paper: Ma et al., Arbitrary-oriented scene text detection via rotation proposals, IEEE TMM 2018; sampling as MMCV.
 */
public final class RotatedRoiAlign extends SampledRegionOp {

    /** For SameDiff, which fills in the arguments. */
    public RotatedRoiAlign() {}

    /**
     * Sampling ratio 0, aligned, not clockwise.
     *
     * @param grid the grid
     */
    public RotatedRoiAlign(RegionGrid grid) {
        this(grid, 0, true, false);
    }

    /**
     * @param grid the grid
     * @param samplingRatio samples of a cell along each axis, up to 128; 0: about one an element
     * @param aligned whether coordinates name positions between elements rather than elements
     * @param clockwise whether angles turn the other way
     */
    public RotatedRoiAlign(RegionGrid grid, int samplingRatio, boolean aligned, boolean clockwise) {
        super(grid, options(samplingRatio, aligned, clockwise));
    }

    /** @return whether coordinates name positions between elements */
    public boolean aligned() {
        return flag(1, "aligned");
    }

    /** @return whether angles turn the other way */
    public boolean clockwise() {
        return flag(2, "clockwise");
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        aligned();
        clockwise();
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.ROTATED_ROI_ALIGN;
    }

    @Override
    public int boxNumbers() {
        return 5;
    }

    @Override
    protected double[] kernelNumbers(double[] numbers) {
        double angle = clockwise() ? -numbers[4] : numbers[4];
        return new double[] {numbers[0], numbers[1], numbers[2], numbers[3], Math.sin(angle), Math.cos(angle)};
    }

    @Override
    protected long[] kernelOptions() {
        return options(samplingRatio(), aligned());
    }
}
