// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RegionOp;
import io.github.dl4jpooling.ops.RoiAlign;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** RoIAlign: mean or maximum of samples. */
public final class RoiAlignOracle extends RegionOracle {

    @Override
    protected RegionOp op(RegionGrid grid, Random random) {
        RoiAlign.Mode mode = WindowDraws.pick(random, Arrays.asList(RoiAlign.Mode.values()));
        return new RoiAlign(grid, mode, random.nextInt(4), random.nextInt(3) > 0);
    }

    @Override
    protected Combination cell(Region region) {
        RoiAlign op = (RoiAlign) region.op;
        List<Combination> samples = samples(region, 0, region.channel, region.scale(), op.samplingRatio(), op.aligned(), 0, 0);
        return op.mode() == RoiAlign.Mode.MAXIMUM && !samples.isEmpty()
                ? largest(samples)
                : region.mean(samples, samples.size());
    }

    /** Samples of a cell, row by row. */
    static List<Combination> samples(Region region, int map, int mapChannel, double scale, int ratio, boolean aligned,
            double shiftY, double shiftX) {
        double shift = aligned ? 0.5 : 0;
        double[] edges = Arrays.stream(region.box).map(v -> v * scale - shift).toArray();
        double width = edges[3] - edges[1];
        double height = edges[4] - edges[2];
        if (!aligned) {
            width = Math.max(width, 1);
            height = Math.max(height, 1);
        }
        int down = count(ratio, height, region.rows());
        int across = count(ratio, width, region.columns());
        List<Combination> samples = new ArrayList<>();
        for (int i = 0; i < down * across; i++) {
            double inRow = (i / across + 0.5) / down;
            double inColumn = (i % across + 0.5) / across;
            double y = edges[2] + (region.row + inRow) * height / region.rows() + shiftY * height;
            double x = edges[1] + (region.column + inColumn) * width / region.columns() + shiftX * width;
            samples.add(region.sample(map, mapChannel, y, x));
        }
        return samples;
    }

    static int count(int ratio, double length, int cells) {
        return ratio > 0 ? ratio : length > 0 ? (int) Math.ceil(length / cells) : 0;
    }

    private static Combination largest(List<Combination> samples) {
        Combination largest = samples.get(0);
        for (Combination sample : samples) {
            boolean firstNaN = Double.isNaN(sample.value()) && !Double.isNaN(largest.value());
            largest = sample.value() > largest.value() || firstNaN ? sample : largest;
        }
        return largest;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("roi_align");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        RoiAlign.Mode mode =
                golden.attribute("poolMode").asText().equals("max") ? RoiAlign.Mode.MAXIMUM : RoiAlign.Mode.AVERAGE;
        return new RoiAlign(grid(golden, channelsLast), mode, golden.attribute("samplingRatio").asInt(),
                golden.attribute("aligned").asBoolean());
    }
}
