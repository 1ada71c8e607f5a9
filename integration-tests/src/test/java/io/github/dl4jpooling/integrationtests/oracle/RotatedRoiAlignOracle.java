// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RegionOp;
import io.github.dl4jpooling.ops.RotatedRoiAlign;
import java.util.List;
import java.util.Random;

/** Rotated RoIAlign: mean of samples of a turned region. */
public final class RotatedRoiAlignOracle extends RegionOracle {

    @Override
    protected RegionOp op(RegionGrid grid, Random random) {
        return new RotatedRoiAlign(grid, random.nextInt(4), random.nextBoolean(), random.nextBoolean());
    }

    @Override
    protected double[] box(Random random, int height, int width, double scale) {
        double[] corners = super.box(random, height, width, scale);
        return new double[] {
            (corners[0] + corners[2]) / 2, (corners[1] + corners[3]) / 2, corners[2] - corners[0],
            corners[3] - corners[1], 7 * random.nextDouble() - 3.5
        };
    }

    @Override
    protected Combination cell(Region region) {
        RotatedRoiAlign op = (RotatedRoiAlign) region.op;
        double shift = op.aligned() ? 0.5 : 0;
        double least = op.aligned() ? Double.NEGATIVE_INFINITY : 1;
        double width = Math.max(region.box[3] * region.scale(), least);
        double height = Math.max(region.box[4] * region.scale(), least);
        double angle = op.clockwise() ? -region.box[5] : region.box[5];
        int down = RoiAlignOracle.count(op.samplingRatio(), height, region.rows());
        int across = RoiAlignOracle.count(op.samplingRatio(), width, region.columns());
        Combination sum = region.zero();
        for (int i = 0; i < down; i++) {
            for (int j = 0; j < across; j++) {
                double u = ((region.row + (i + 0.5) / down) / region.rows() - 0.5) * height;
                double v = ((region.column + (j + 0.5) / across) / region.columns() - 0.5) * width;
                double y = u * Math.cos(angle) - v * Math.sin(angle) + region.box[2] * region.scale() - shift;
                double x = u * Math.sin(angle) + v * Math.cos(angle) + region.box[1] * region.scale() - shift;
                sum.add(region.sample(0, region.channel, y, x));
            }
        }
        return sum.times(1.0 / Math.max(1, down * across));
    }

    @Override
    public List<String> goldenNames() {
        return List.of("roi_align_rotated");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new RotatedRoiAlign(grid(golden, channelsLast), golden.attribute("samplingRatio").asInt(),
                golden.attribute("aligned").asBoolean(), golden.attribute("clockwise").asBoolean());
    }
}
