// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PreciseRoiPool;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.List;
import java.util.Random;

/** Precise RoI pooling: mean of the interpolated map over the cell, by the antiderivative of the hat function. */
public final class PreciseRoiPoolOracle extends RegionOracle {

    @Override
    protected RegionOp op(RegionGrid grid, Random random) {
        return new PreciseRoiPool(grid);
    }

    @Override
    protected Combination cell(Region region) {
        double[] x = cut(region.box[1], region.box[3], region.scale(), region.columns(), region.column);
        double[] y = cut(region.box[2], region.box[4], region.scale(), region.rows(), region.row);
        Combination mean = region.zero();
        if (x[1] <= x[0] || y[1] <= y[0]) {
            return mean;
        }
        for (int h = 0; h < region.height(); h++) {
            for (int w = 0; w < region.width(); w++) {
                double weight = mean(y[0] - h, y[1] - h) * mean(x[0] - w, x[1] - w);
                region.add(mean, weight, 0, region.channel, h, w);
            }
        }
        return mean;
    }

    private static double[] cut(double start, double end, double scale, int cells, int cell) {
        double length = (end - start) * scale;
        return new double[] {start * scale + length * cell / cells, start * scale + length * (cell + 1) / cells};
    }

    /** Mean of the hat function max(0, 1 - |u|). */
    private static double mean(double begin, double end) {
        if (Math.floor(begin) == Math.floor(end)) {
            return (hat(begin) + hat(end)) / 2; // a straight piece; the general formula is inexact for short ones
        }
        return (integral(end) - integral(begin)) / (end - begin);
    }

    private static double hat(double u) {
        return Math.max(0, 1 - Math.abs(u));
    }

    private static double integral(double u) {
        return u <= -1 ? 0 : u >= 1 ? 1 : u < 0 ? 0.5 + u + u * u / 2 : 0.5 + u - u * u / 2;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("prroi_pool");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new PreciseRoiPool(grid(golden, channelsLast));
    }
}
