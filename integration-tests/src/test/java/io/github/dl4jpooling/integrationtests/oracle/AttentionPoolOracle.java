// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.AttentionGate;
import io.github.dl4jpooling.ops.AttentionOp;
import io.github.dl4jpooling.ops.AttentionPool;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Weights by channel or position from a linear or gated score, then the weighted mean. */
public final class AttentionPoolOracle extends AttentionOracle {

    @Override
    public OracleCase draw(Random random) {
        int[] sizes = sizes(random, 1 + random.nextInt(3));
        AttentionGate gate = WindowDraws.pick(random, List.of(AttentionGate.values()));
        int hidden = random.nextBoolean() ? 0 : 1 + random.nextInt(4);
        return inputs(random,
                new AttentionPool(sizes.length, random.nextBoolean(), gate, hidden, random.nextBoolean()), sizes);
    }

    private static double[][] scores(Map<String, PlainArray> parameters, Example map) {
        PlainArray weights = parameters.get("weights");
        PlainArray bias = parameters.get("bias");
        if (!parameters.containsKey("hiddenWeights")) {
            return map.times(weights, bias);
        }
        double[][] a = map.times(parameters.get("hiddenWeights"), parameters.get("hiddenBias"));
        double[][] b = map.times(parameters.get("gateWeights"), parameters.get("gateBias"));
        double[][] scores = new double[weights.shape()[0]][map.positions()];
        for (int row = 0; row < scores.length; row++) {
            for (int i = 0; i < map.positions(); i++) {
                double sum = bias == null ? 0 : bias.values()[row];
                for (int unit = 0; unit < a.length; unit++) {
                    sum += weights.values()[row * a.length + unit] * Math.tanh(a[unit][i]) * sigmoid(b[unit][i]);
                }
                scores[row][i] = sum;
            }
        }
        return scores;
    }

    @Override
    double[] pool(AttentionOp op, Map<String, PlainArray> parameters, Example... maps) {
        Example map = maps[0];
        double[] y = new double[map.channels()];
        boolean byChannel = ((AttentionPool) op).gate() == AttentionGate.CHANNEL;
        double[][] scores = scores(parameters, map);
        double[] shared = softmax(scores[0]);
        for (int c = 0; c < y.length; c++) {
            double sum = 0;
            double weights = 0;
            for (int i = 0; i < map.positions(); i++) {
                double weight = byChannel ? sigmoid(scores[c][i]) : shared[i];
                sum += weight * map.x(c, i);
                weights += weight;
            }
            y[c] = byChannel ? sum / weights : sum;
        }
        return y;
    }
}
