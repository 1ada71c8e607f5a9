// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PsRoiAlign;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.List;
import java.util.Random;

/** Position-sensitive RoIAlign: mean of samples, of a channel for each cell. */
public final class PsRoiAlignOracle extends RegionOracle {

    @Override
    protected RegionOp op(RegionGrid grid, Random random) {
        return new PsRoiAlign(grid, random.nextInt(4));
    }

    @Override
    protected Combination cell(Region region) {
        int channel = region.groupChannel(region.rows(), region.columns());
        int ratio = ((PsRoiAlign) region.op).samplingRatio();
        List<Combination> samples = RoiAlignOracle.samples(region, 0, channel, region.scale(), ratio, true, 0, 0);
        return region.mean(samples, samples.size());
    }

    @Override
    public List<String> goldenNames() {
        return List.of("ps_roi_align");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new PsRoiAlign(grid(golden, channelsLast), golden.attribute("samplingRatio").asInt());
    }
}
