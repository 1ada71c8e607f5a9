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
    protected double[] cell(Region region) {
        double[] x = cut(region.box[1], region.box[3], region.scale(), region.columns(), region.column);
        double[] y = cut(region.box[2], region.box[4], region.scale(), region.rows(), region.row);
        double area = (x[1] - x[0]) * (y[1] - y[0]);
        if (x[1] <= x[0] || y[1] <= y[0]) {
            return new double[] {0};
        }
        double integral = 0;
        for (int h = 0; h < region.height(); h++) {
            for (int w = 0; w < region.width(); w++) {
                double weight = (integral(y[1] - h) - integral(y[0] - h)) * (integral(x[1] - w) - integral(x[0] - w));
                integral += weight == 0 ? 0 : weight * region.element(0, region.channel, h, w);
            }
        }
        return new double[] {integral / area};
    }

    private static double[] cut(double start, double end, double scale, int cells, int cell) {
        double length = (end - start) * scale;
        return new double[] {start * scale + length * cell / cells, start * scale + length * (cell + 1) / cells};
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
