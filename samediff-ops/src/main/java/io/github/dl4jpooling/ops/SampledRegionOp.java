// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

/**
 * A region operator that samples its cells. Option 0 is the number of samples.
 *
 * <p>A cell of height h and width w has n rows and m columns of samples: n = m = {@code samplingRatio}, or, if that is 0,
 * n = ceil(h) and m = ceil(w), about one sample an element; a region of height or width 0 or less then has no samples
 * and gives 0. Sample (i,j) stands at ((i + 1/2) h / n, (j + 1/2) w / m) in its cell.
 *
 * <p>A sample at (y,x) is interpolated between the four elements around it. Up to one element outside the map the edge is
 * repeated; further out the sample is 0. It counts all the same.
 */
public abstract class SampledRegionOp extends RegionOp {

    /** Largest sampling ratio. */
    public static final int LARGEST_SAMPLING_RATIO = 128;

    /** For SameDiff, which fills in the arguments. */
    protected SampledRegionOp() {}

    /**
     * Starts with a configuration.
     *
     * @param grid the grid
     * @param options whole-number options, the sampling ratio first, see {@link #options}
     * @param realOptions real options
     */
    protected SampledRegionOp(RegionGrid grid, long[] options, double... realOptions) {
        super(grid, options, realOptions);
    }

    /** @return samples of a cell along each axis, or 0 for about one an element */
    public final int samplingRatio() {
        return (int) option(0, "samplingRatio", 0, LARGEST_SAMPLING_RATIO);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        samplingRatio();
    }

    @Override
    protected long[] kernelOptions() {
        return options(samplingRatio(), true);
    }
}
