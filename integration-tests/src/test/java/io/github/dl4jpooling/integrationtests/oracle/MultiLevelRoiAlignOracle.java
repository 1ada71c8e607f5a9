// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.MultiLevelRoiAlign;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.List;
import java.util.Random;

/** Multi-level RoIAlign: mean of samples from the map whose scale suits the box. */
public final class MultiLevelRoiAlignOracle extends RegionOracle {

    @Override
    protected double scale(Random random) {
        return Math.pow(0.5, random.nextInt(4));
    }

    @Override
    protected RegionOp op(RegionGrid grid, Random random) {
        double size = 1 + 10 * random.nextDouble();
        return new MultiLevelRoiAlign(
                grid, 1 + random.nextInt(4), random.nextInt(4), random.nextBoolean(), random.nextInt(5), size);
    }

    @Override
    protected PlainArray[] inputs(RegionOp op, Random random, PlainArray map, PlainArray boxes) {
        int levels = ((MultiLevelRoiAlign) op).levels();
        int[] shape = map.shape();
        PlainArray[] inputs = new PlainArray[levels + 1];
        inputs[0] = map;
        for (int level = 1; level < levels; level++) {
            int height = (shape[2] + (1 << level) - 1) >> level;
            int width = (shape[3] + (1 << level) - 1) >> level;
            inputs[level] = PlainArray.gaussian(random, 1, shape[0], shape[1], height, width);
        }
        inputs[levels] = boxes;
        return inputs;
    }

    @Override
    protected Combination cell(Region region) {
        MultiLevelRoiAlign op = (MultiLevelRoiAlign) region.op;
        int map = map(op, region.box);
        List<Combination> samples = RoiAlignOracle.samples(region, map, region.channel,
                region.scale() / Math.pow(2, map), op.samplingRatio(), op.aligned(), 0, 0);
        return region.mean(samples, samples.size());
    }

    @Override
    protected int map(RegionOp regionOp, double[] box) {
        MultiLevelRoiAlign op = (MultiLevelRoiAlign) regionOp;
        double area = (box[3] - box[1]) * (box[4] - box[2]);
        int first = (int) Math.round(-Math.log(op.grid().spatialScale()) / Math.log(2));
        int level = first;
        while (level < first + op.levels() - 1
                && area > 0
                && Math.sqrt(area) * Math.pow(2, 1e-6) >= op.canonicalSize() * Math.pow(2, level + 1 - op
                        .canonicalLevel())) {
            level++;
        }
        return level - first;
    }
}
