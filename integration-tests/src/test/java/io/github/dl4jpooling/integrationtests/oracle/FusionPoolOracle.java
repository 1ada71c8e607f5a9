// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.FusionPool;
import io.github.dl4jpooling.ops.FusionPool.Merge;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Fusion pooling: results of all branches, merged element by element. */
public final class FusionPoolOracle extends CombinedOracle {

    @Override
    public OracleCase draw(Random random) {
        WindowDraws drawn = WindowDraws.ofFewTaps(random, 1 + random.nextInt(3));
        return new OracleCase(op(drawn.window(), random), PlainArray.gaussian(random, 2, drawn.shape()));
    }

    /** Branches with a window and others of which there are as many. */
    static FusionPool op(PoolingWindow window, Random random) {
        Merge merge = WindowDraws.pick(random, List.of(Merge.values()));
        List<PoolingOp> branches = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            branches.add(drawn(i == 0 ? window : similar(window, random), merge == Merge.MAX, random));
        }
        return new FusionPool(merge, branches);
    }

    /** Branch and place in its result of an element of the output. */
    private static int[] source(FusionPool op, PlainArray[] results, int[] at) {
        if (op.merge() == Merge.CONCAT) {
            int branch = 0;
            int channel = at[1];
            while (channel >= results[branch].shape()[1]) {
                channel -= results[branch++].shape()[1];
            }
            int[] place = at.clone();
            place[1] = channel;
            return new int[] {branch, position(results[branch].shape(), place)};
        }
        int position = position(results[0].shape(), at);
        int largest = 0;
        for (int i = 1; i < results.length; i++) {
            double best = results[largest].values()[position];
            double value = results[i].values()[position];
            if (value > best || Double.isNaN(value) && !Double.isNaN(best)) {
                largest = i;
            }
        }
        return new int[] {largest, position};
    }

    private static int position(int[] shape, int[] at) {
        int position = 0;
        for (int axis = 0; axis < at.length; axis++) {
            position = position * shape[axis] + at[axis];
        }
        return position;
    }

    private static boolean isSum(FusionPool op) {
        return op.merge() == Merge.SUM || op.merge() == Merge.AVG;
    }

    private static PlainArray[] results(PoolingOp op, PlainArray x) {
        return parts(op).stream().map(branch -> pool(branch, x)).toArray(PlainArray[]::new);
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        FusionPool fusion = (FusionPool) op;
        PlainArray[] results = results(op, inputs[0]);
        int[] shape = results[0].shape();
        if (fusion.merge() == Merge.CONCAT) {
            shape[1] = 0;
            for (PlainArray result : results) {
                shape[1] += result.shape()[1];
            }
        }
        PlainArray y = PlainArray.zeros(shape);
        PlainArray branch = PlainArray.zeros(shape);
        for (int i = 0; i < y.values().length; i++) {
            int[] source = source(fusion, results, y.index(i));
            branch.values()[i] = source[0];
            if (isSum(fusion)) {
                for (PlainArray result : results) {
                    y.values()[i] += result.values()[i] / (fusion.merge() == Merge.AVG ? results.length : 1);
                }
            } else {
                y.values()[i] = results[source[0]].values()[source[1]];
            }
        }
        return fusion.merge() == Merge.MAX ? new PlainArray[] {y, branch} : new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        FusionPool fusion = (FusionPool) op;
        PlainArray[] results = results(op, inputs[0]);
        PlainArray[] ofResults = new PlainArray[results.length];
        for (int i = 0; i < results.length; i++) {
            ofResults[i] = PlainArray.zeros(results[i].shape());
        }
        for (int i = 0; i < yGradient.values().length; i++) {
            double g = yGradient.values()[i];
            if (isSum(fusion)) {
                for (PlainArray ofResult : ofResults) {
                    ofResult.values()[i] = g / (fusion.merge() == Merge.AVG ? results.length : 1);
                }
            } else {
                int[] source = source(fusion, results, yGradient.index(i));
                ofResults[source[0]].values()[source[1]] = g;
            }
        }
        PlainArray gradient = PlainArray.zeros(inputs[0].shape());
        for (int i = 0; i < results.length; i++) {
            add(gradient, gradient(parts(op).get(i), ofResults[i], inputs[0]));
        }
        return new PlainArray[] {gradient};
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return super.isMap(op, name) || name.equals("branch");
    }

    @Override
    public List<String> goldenNames() {
        return List.of("fusion_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new FusionPool(
                golden.constant("merge", Merge.class), parts(golden.attribute("branches"), channelsLast));
    }
}
