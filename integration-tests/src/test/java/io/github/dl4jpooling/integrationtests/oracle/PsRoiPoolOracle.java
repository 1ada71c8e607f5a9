// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PsRoiPool;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Position-sensitive RoI pooling: mean of the elements of the cell, 0 of none. */
public final class PsRoiPoolOracle extends RegionOracle {

    @Override
    protected RegionOp op(RegionGrid grid, Random random) {
        return new PsRoiPool(
                grid, WindowDraws.pick(random, Arrays.asList(PsRoiPool.Variant.values())), random.nextInt(4));
    }

    @Override
    protected Combination cell(Region region) {
        PsRoiPool op = (PsRoiPool) region.op;
        int channel = op.groupSize() == 0
                ? region.groupChannel(region.rows(), region.columns())
                : region.groupChannel(op.groupSize(), op.groupSize());
        int[] rows = elements(op, region.box[2], region.box[4], region.rows(), region.row, region.height());
        int[] columns = elements(op, region.box[1], region.box[3], region.columns(), region.column, region.width());
        Combination sum = region.zero();
        int count = 0;
        for (int y = rows[0]; y < rows[1]; y++) {
            for (int x = columns[0]; x < columns[1]; x++) {
                region.add(sum, 1, 0, channel, y, x);
                count++;
            }
        }
        return sum.times(1.0 / Math.max(1, count));
    }

    private static int[] elements(PsRoiPool op, double start, double end, int cells, int cell, int size) {
        double scale = op.grid().spatialScale();
        if (op.variant() == PsRoiPool.Variant.TORCHVISION) {
            double first = RoiPoolOracle.round(start * scale);
            double length = Math.max(RoiPoolOracle.round(end * scale) - first, 1);
            return RoiPoolOracle.clipped(first, length, cells, cell, size - 1);
        }
        double first = RoiPoolOracle.round(start) * scale;
        double length = Math.max((RoiPoolOracle.round(end) + 1) * scale - first, 0.1);
        return RoiPoolOracle.clipped(first, length, cells, cell, size);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("ps_roi_pool");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("outputDim");
        return new PsRoiPool(grid(golden, channelsLast), golden.constant("variant", PsRoiPool.Variant.class),
                golden.attribute("groupSize").asInt());
    }
}
