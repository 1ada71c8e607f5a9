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

    /** Not so small that the second derivatives spoil numeric checks; PreciseRoiPoolTest has smaller ones. */
    @Override
    protected double[] box(Random random, int height, int width, double scale) {
        double[] box = super.box(random, height, width, scale);
        for (int i = 0; i < 2; i++) {
            boolean small = box[i + 2] > box[i] && box[i + 2] < box[i] + 0.2;
            box[i + 2] += small ? 0.2 : 0;
        }
        return box;
    }

    @Override
    protected Combination cell(Region region) {
        double[] x = cut(region.box[1], region.box[3], region.scale(), region.columns(), region.column);
        double[] y = cut(region.box[2], region.box[4], region.scale(), region.rows(), region.row);
        return mean(region, y, x);
    }

    /** Mean over a rectangle; where it has no extent along an axis, over a line. */
    private static Combination mean(Region region, double[] y, double[] x) {
        Combination mean = region.zero();
        boolean empty = region.box[3] <= region.box[1] || region.box[4] <= region.box[2];
        for (int h = 0; h < region.height() && !empty; h++) {
            for (int w = 0; w < region.width(); w++) {
                double weight = mean(y[0] - h, y[1] - h) * mean(x[0] - w, x[1] - w);
                region.add(mean, weight, 0, region.channel, h, w);
            }
        }
        return mean;
    }

    /** By the ends of a cell: the mean over the edge, less that over the cell, by the cell's length. */
    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray[] gradients = super.gradients(op, yGradient, inputs);
        for (int i = 0; i < yGradient.values().length; i++) {
            Region region = region(op, yGradient.index(i), inputs);
            double[] x = cut(region.box[1], region.box[3], region.scale(), region.columns(), region.column);
            double[] y = cut(region.box[2], region.box[4], region.scale(), region.rows(), region.row);
            if (x[1] <= x[0] || y[1] <= y[0]) {
                continue;
            }
            double mean = mean(region, y, x).value();
            for (int end = 0; end < 2; end++) {
                double sign = (end == 0 ? -1 : 1) * yGradient.values()[i] * region.scale();
                double byX = sign * (mean(region, y, new double[] {x[end], x[end]}).value() - mean) / (x[1] - x[0]);
                double byY = sign * (mean(region, new double[] {y[end], y[end]}, x).value() - mean) / (y[1] - y[0]);
                double alongX = (double) (region.column + end) / region.columns();
                double alongY = (double) (region.row + end) / region.rows();
                double[] gradient = gradients[1].values();
                gradient[region.number * 5 + 1] += byX * (1 - alongX);
                gradient[region.number * 5 + 3] += byX * alongX;
                gradient[region.number * 5 + 2] += byY * (1 - alongY);
                gradient[region.number * 5 + 4] += byY * alongY;
            }
        }
        return gradients;
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
    public boolean isContinuous(PoolingOp op, int input, int element) {
        return input == 0 || element % 5 > 0;
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
