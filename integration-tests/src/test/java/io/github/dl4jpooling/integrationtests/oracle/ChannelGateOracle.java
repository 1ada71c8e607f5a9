// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.ChannelGate;
import io.github.dl4jpooling.ops.ChannelGateOp;
import io.github.dl4jpooling.ops.GatePool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/** The channel gate: dense layers on numbers pooled from the channels. */
public class ChannelGateOracle extends NetworkOracle {

    @Override
    public OracleCase draw(Random random) {
        GatePool[] pools = new GatePool[1 + random.nextInt(3)];
        Arrays.setAll(pools, i -> WindowDraws.pick(random, Arrays.asList(GatePool.values())));
        return drawn(new ChannelGate(random.nextBoolean(), 1 + random.nextInt(4), pools), random,
                1 + random.nextInt(4));
    }

    private static double pooled(GatePool pool, double... values) {
        switch (pool) {
            case AVG:
                return Arrays.stream(values).average().orElseThrow();
            case MAX:
                return Arrays.stream(values).max().orElseThrow();
            case LP:
                return Math.sqrt(Arrays.stream(values).map(v -> v * v).sum());
            default:
                return Math.log(Arrays.stream(values).map(Math::exp).sum());
        }
    }

    /** Weights times numbers plus biases. */
    private static double[] dense(PlainArray weights, PlainArray bias, double... z) {
        double[] result = bias.values().clone();
        for (int i = 0; i < weights.values().length; i++) {
            result[i / z.length] += weights.values()[i] * z[i % z.length];
        }
        return result;
    }

    /** Factors of all channels of all examples. */
    static double[] factors(List<GatePool> pools, PlainArray... inputs) {
        int[] n = inputs[0].shape();
        int size = n[2] * n[3];
        double[] factors = new double[n[0] * n[1]];
        for (int example = 0; example < n[0]; example++) {
            for (GatePool pool : pools) {
                double[] z = new double[n[1]];
                for (int c = 0; c < n[1]; c++) {
                    int begin = (example * n[1] + c) * size;
                    z[c] = pooled(pool, Arrays.copyOfRange(inputs[0].values(), begin, begin + size));
                }
                double[] hidden = Arrays.stream(dense(inputs[1], inputs[2], z)).map(v -> Math.max(0, v)).toArray();
                double[] out = dense(inputs[3], inputs[4], hidden);
                for (int c = 0; c < n[1]; c++) {
                    factors[example * n[1] + c] += out[c];
                }
            }
        }
        return Arrays.stream(factors).map(NetworkOracle::sigmoid).toArray();
    }

    @Override
    public final PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        double[] factors = factors(((ChannelGateOp) op).pools(), inputs);
        int size = inputs[0].shape()[2] * inputs[0].shape()[3];
        return new PlainArray[] {times(inputs[0], i -> factors[i / size])};
    }

    @Override
    public List<String> goldenNames() {
        return List.of("cbam_channel_gate");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        int count = golden.attribute("poolTypes").size();
        GatePool[] pools = new GatePool[count];
        Arrays.setAll(pools, i -> GatePool.valueOf(
                golden.attribute("poolTypes").get(i).asText().toUpperCase(Locale.ROOT)));
        return new ChannelGate(channelsLast, golden.attribute("reduction").asInt(), pools);
    }
}
