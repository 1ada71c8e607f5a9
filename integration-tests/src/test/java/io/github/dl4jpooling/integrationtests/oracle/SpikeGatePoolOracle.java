// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SpikeGatePool;
import io.github.dl4jpooling.ops.SpikingOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Counts the spikes of every unit anew at every step. */
public final class SpikeGatePoolOracle extends SpikingOracle {

    @Override
    protected SpikingOp op(PoolingWindow window, boolean timeFirst, Random random) {
        boolean any = random != null && random.nextBoolean();
        return new SpikeGatePool(
                window, timeFirst, any ? SpikeGatePool.Rule.ANY_MAXIMAL : SpikeGatePool.Rule.ARGMAX);
    }

    @Override
    public List<String> goldenNames() {
        return List.of("spiking_gate_pool2d");
    }

    @Override
    public SpikingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new SpikeGatePool(
                golden.window(channelsLast), false, golden.constant("variant", SpikeGatePool.Rule.class));
    }

    @Override
    protected int[] passing(SpikingOp op, double[]... trains) {
        boolean any = ((SpikeGatePool) op).rule() == SpikeGatePool.Rule.ANY_MAXIMAL;
        return IntStream.range(0, trains[0].length).map(t -> {
            long[] counts = Arrays.stream(trains)
                    .mapToLong(train -> Arrays.stream(train).limit(t + 1L).filter(x -> x > 0).count())
                    .toArray();
            long most = Arrays.stream(counts).max().getAsLong();
            int[] maximal = IntStream.range(0, trains.length).filter(u -> counts[u] == most).toArray();
            int best = maximal[0];
            for (int unit : maximal) {
                best = any && trains[unit][t] > trains[best][t] ? unit : best;
            }
            return best;
        }).toArray();
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        PlainArray map = toMap(op, inputs[0]);
        PlainArray y = pooled((SpikingOp) op, map);
        PlainArray index = PlainArray.zeros(y.shape());
        Arrays.fill(index.values(), -1);
        int steps = map.shape()[2];
        int planes = map.shape()[0] * map.shape()[1];
        int units = map.values().length / (planes * steps);
        int windows = y.values().length / (planes * steps);
        forEachWindow((SpikingOp) op, map, (plane, window, places, passing) -> {
            for (int t = 0; t < steps; t++) {
                index.values()[(plane * steps + t) * windows + window] = t * units + places[passing[t]];
            }
        });
        return new PlainArray[] {fromMap(op, y), fromMap(op, index)};
    }
}
