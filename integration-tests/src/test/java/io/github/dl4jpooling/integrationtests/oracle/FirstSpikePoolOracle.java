// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.FirstSpikePool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SpikingOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Looks for the first step, then for the first unit. */
public final class FirstSpikePoolOracle extends SpikingOracle {

    @Override
    protected SpikingOp op(PoolingWindow window, boolean timeFirst, Random random) {
        return new FirstSpikePool(window, timeFirst);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("spiking_first_spike_pool2d");
    }

    @Override
    protected int[] passing(SpikingOp op, double[]... trains) {
        int[] passing = new int[trains[0].length];
        Arrays.fill(passing, -1);
        for (int t = 0; t < passing.length; t++) {
            for (int unit = 0; unit < trains.length; unit++) {
                if (trains[unit][t] > 0) {
                    passing[t] = unit;
                    return passing;
                }
            }
        }
        return passing;
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        PlainArray map = toMap(op, inputs[0]);
        PlainArray time = PlainArray.zeros(windows(op, map));
        PlainArray winner = PlainArray.zeros(time.shape());
        Arrays.fill(time.values(), -1);
        Arrays.fill(winner.values(), -1);
        int count = Arrays.stream(time.shape()).skip(2).reduce(1, (a, b) -> a * b);
        forEachWindow((SpikingOp) op, map, (plane, window, places, passing) -> {
            for (int t = 0; t < passing.length; t++) {
                if (passing[t] >= 0) {
                    time.values()[plane * count + window] = t;
                    winner.values()[plane * count + window] = places[passing[t]];
                }
            }
        });
        return new PlainArray[] {fromMap(op, pooled((SpikingOp) op, map)), time, winner};
    }

    /** Arrays without time have the axes of a map, whatever those of the input are. */
    @Override
    public boolean isMap(PoolingOp op, String name) {
        return super.isMap(op, name) || isBatched(name, false);
    }

    @Override
    public boolean isBatched(String name, boolean hasRankOfInput) {
        return hasRankOfInput || name.equals("firstTime") || name.equals("winner");
    }
}
