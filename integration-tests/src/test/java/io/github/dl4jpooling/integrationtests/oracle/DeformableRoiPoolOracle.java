// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.DeformableRoiPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Deformable RoI pooling: mean of the samples of a moved cell, times the mask. */
public final class DeformableRoiPoolOracle extends RegionOracle {

    @Override
    protected RegionOp op(RegionGrid grid, Random random) {
        return new DeformableRoiPool(
                grid, random.nextInt(4), random.nextDouble(), random.nextInt(4) > 0, random.nextBoolean());
    }

    @Override
    protected PlainArray[] inputs(RegionOp op, Random random, PlainArray map, PlainArray boxes) {
        int count = boxes.shape()[0];
        List<PlainArray> inputs = new ArrayList<>();
        inputs.add(map);
        if (((DeformableRoiPool) op).hasOffset()) {
            inputs.add(PlainArray.gaussian(random, 1, count, 2, op.grid().rows(), op.grid().columns()));
        }
        if (((DeformableRoiPool) op).hasMask()) {
            inputs.add(PlainArray.gaussian(random, 1, count, 1, op.grid().rows(), op.grid().columns()));
        }
        inputs.add(boxes);
        return inputs.toArray(new PlainArray[0]);
    }

    @Override
    protected Combination cell(Region region) {
        DeformableRoiPool op = (DeformableRoiPool) region.op;
        double x = op.gamma() * region.further("offset", 0, 0, region.row, region.column);
        double y = op.gamma() * region.further("offset", 0, 1, region.row, region.column);
        double mask = region.further("mask", 1, 0, region.row, region.column);
        List<Combination> samples = RoiAlignOracle
                .samples(region, 0, region.channel, region.scale(), op.samplingRatio(), true, y, x);
        return region.mean(samples, samples.size()).times(mask);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("deform_roi_pool");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new DeformableRoiPool(grid(golden, channelsLast), golden.attribute("samplingRatio").asInt(),
                golden.attribute("gamma").asDouble(), golden.hasArray("offset"), golden.hasArray("mask"));
    }
}
