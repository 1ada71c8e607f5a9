// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.DeformablePsRoiPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.RegionGrid;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Deformable position-sensitive RoI pooling: mean of the samples of a moved cell that lie on the map. */
public final class DeformablePsRoiPoolOracle extends RegionOracle {

    @Override
    protected RegionOp op(RegionGrid grid, Random random) {
        return new DeformablePsRoiPool(grid, random.nextInt(3), random.nextInt(4), 1 + random.nextInt(4),
                random.nextDouble(), random.nextInt(4) > 0, random.nextBoolean());
    }

    @Override
    protected PlainArray[] inputs(RegionOp op, Random random, PlainArray map, PlainArray boxes) {
        DeformablePsRoiPool deformable = (DeformablePsRoiPool) op;
        int count = boxes.shape()[0];
        List<PlainArray> inputs = new ArrayList<>();
        inputs.add(map);
        if (deformable.hasOffset()) {
            int channels = (int) op.outputChannels(map.shape()[1]);
            int classes = channels % 2 == 0 && random.nextBoolean() ? 2 : random.nextBoolean() ? channels : 1;
            int rows = deformable.partSize() == 0 ? op.grid().rows() : deformable.partSize();
            int columns = deformable.partSize() == 0 ? op.grid().columns() : deformable.partSize();
            inputs.add(PlainArray.gaussian(random, 1, count, 2 * classes, rows, columns));
        }
        if (deformable.hasMask()) {
            inputs.add(PlainArray.gaussian(random, 1, count, 1, op.grid().rows(), op.grid().columns()));
        }
        inputs.add(boxes);
        return inputs.toArray(new PlainArray[0]);
    }

    @Override
    protected Combination cell(Region region) {
        DeformablePsRoiPool op = (DeformablePsRoiPool) region.op;
        int channel = op.groupSize() == 0
                ? region.groupChannel(region.rows(), region.columns())
                : region.groupChannel(op.groupSize(), op.groupSize());
        double[] shift = shift(region, op);
        double left = start(region.box[1], region.scale());
        double top = start(region.box[2], region.scale());
        double width = Math.max(start(RoiPoolOracle.round(region.box[3]) + 1, region.scale()) - left, 0.1);
        double height = Math.max(start(RoiPoolOracle.round(region.box[4]) + 1, region.scale()) - top, 0.1);
        Combination sum = region.zero();
        int count = 0;
        for (int i = 0; i < op.samplesPerPart(); i++) {
            for (int j = 0; j < op.samplesPerPart(); j++) {
                double y = top + (region.row + (double) i / op.samplesPerPart()) * height / region.rows()
                        + shift[1] * height;
                double x = left + (region.column + (double) j / op.samplesPerPart()) * width / region.columns()
                        + shift[0] * width;
                if (y >= -0.5 && y <= region.height() - 0.5 && x >= -0.5 && x <= region.width() - 0.5) {
                    sum.add(region.interpolated(0, channel, Math.max(0, Math.min(y, region.height() - 1)),
                            Math.max(0, Math.min(x, region.width() - 1))));
                    count++;
                }
            }
        }
        double mask = region.further("mask", 1, 0, region.row, region.column);
        return sum.times(mask / Math.max(1, count)).withExtra(count);
    }

    private static double[] shift(Region region, DeformablePsRoiPool op) {
        if (!op.hasOffset()) {
            return new double[2];
        }
        int[] shape = region.inputs[1].shape();
        int classes = shape[1] / 2;
        int ofClass = region.channel / ((int) op.outputChannels(region.inputs[0].shape()[1]) / classes);
        int i = region.row * shape[2] / region.rows();
        int j = region.column * shape[3] / region.columns();
        return new double[] {
            op.transStd() * region.further("offset", 0, 2 * ofClass, i, j),
            op.transStd() * region.further("offset", 0, 2 * ofClass + 1, i, j)
        };
    }

    private static double start(double coordinate, double scale) {
        return RoiPoolOracle.round(coordinate) * scale - 0.5;
    }

    @Override
    public List<String> goldenNames() {
        return List.of("deform_psroi_pool");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("outputDim");
        return new DeformablePsRoiPool(grid(golden, channelsLast), golden.attribute("groupSize").asInt(),
                golden.attribute("partSize").asInt(), golden.attribute("samplePerPart").asInt(),
                golden.attribute("transStd").asDouble(), golden.hasArray("offset"), golden.hasArray("mask"));
    }
}
