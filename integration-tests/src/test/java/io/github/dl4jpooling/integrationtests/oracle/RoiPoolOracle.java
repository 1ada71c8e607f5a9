// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RegionOp;
import io.github.dl4jpooling.ops.RoiPool;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** RoI pooling: the largest element of the cell, or NaN; 0 of none. */
public final class RoiPoolOracle extends RegionOracle {

    @Override
    protected RegionOp op(RegionGrid grid, Random random) {
        return new RoiPool(grid, WindowDraws.pick(random, Arrays.asList(RoiPool.Variant.values())));
    }

    @Override
    protected Combination cell(Region region) {
        RoiPool.Variant variant = ((RoiPool) region.op).variant();
        int[] rows = elements(variant, region.box[2] * region.scale(), region.box[4] * region.scale(),
                region.scale(), region.rows(), region.row, region.height());
        int[] columns = elements(variant, region.box[1] * region.scale(), region.box[3] * region.scale(),
                region.scale(), region.columns(), region.column, region.width());
        double largest = 0;
        int index = -1;
        for (int y = rows[0]; y < rows[1]; y++) {
            for (int x = columns[0]; x < columns[1]; x++) {
                double value = region.element(0, region.channel, y, x);
                if (index < 0 || value > largest || Double.isNaN(value) && !Double.isNaN(largest)) {
                    largest = value;
                    index = y * region.width() + x;
                }
            }
        }
        Combination result = region.zero();
        if (index >= 0) {
            region.add(result, 1, 0, region.channel, index / region.width(), index % region.width());
        }
        return result.withExtra(index);
    }

    private static int[] elements(
            RoiPool.Variant variant, double start, double end, double scale, int cells, int cell, int size) {
        double first = start;
        double length = end + scale - start;
        if (variant == RoiPool.Variant.TORCHVISION) {
            first = round(start);
            length = Math.max(round(end) - first + 1, 1);
        }
        return length <= 0 ? new int[2] : clipped(first, length, cells, cell, size);
    }

    static double round(double value) {
        return Math.signum(value) * Math.floor(Math.abs(value) + 0.5);
    }

    static int[] clipped(double first, double length, int cells, int cell, int size) {
        double begin = Math.floor(cell * length / cells + first);
        double end = Math.ceil((cell + 1) * length / cells + first);
        return new int[] {(int) Math.max(0, Math.min(size, begin)), (int) Math.max(0, Math.min(size, end))};
    }

    @Override
    public List<String> goldenNames() {
        return List.of("roi_pool");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new RoiPool(grid(golden, channelsLast), golden.constant("variant", RoiPool.Variant.class));
    }
}
