// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.AttentionOp;
import io.github.dl4jpooling.ops.CrossAttentionPool;
import java.util.Map;
import java.util.Random;

/** What each position of one map finds in the other, then the mean of it; both ways. */
public final class CrossAttentionPoolOracle extends AttentionOracle {

    @Override
    public OracleCase draw(Random random) {
        int[] sizes = sizes(random, 1 + random.nextInt(3));
        boolean channelsLast = random.nextBoolean();
        // Tests take an array with the channels last that has another rank than the input for one without a batch.
        int[] otherSizes = sizes(random, channelsLast ? sizes.length : 1 + random.nextInt(2));
        return inputs(random,
                new CrossAttentionPool(sizes.length, otherSizes.length, channelsLast, 1 + random.nextInt(3),
                        1 + random.nextInt(3), random.nextBoolean(), random.nextBoolean()),
                sizes, otherSizes);
    }

    private static void attend(CrossAttentionPool op, Map<String, PlainArray> parameters, String name, Example asking,
            Example attended, double[] y, int begin) {
        int size = op.headSize();
        double[][] queries = asking.times(parameters.get(name + "QueryWeights"), parameters.get(name + "QueryBias"));
        double[][] keys = attended.times(parameters.get(name + "KeyWeights"), null);
        double[][] values = attended.times(parameters.get(name + "ValueWeights"), parameters.get(name + "ValueBias"));
        for (int t = 0; t < asking.positions(); t++) {
            for (int first = 0; first < values.length; first += size) {
                double[] scores = new double[attended.positions()];
                for (int s = 0; s < scores.length; s++) {
                    scores[s] = product(queries, t, keys, s, first, first + size) / Math.sqrt(size);
                }
                double[] weights = softmax(scores);
                for (int k = first; k < first + size; k++) {
                    y[begin + k] += dot(weights, values[k]) / asking.positions();
                }
            }
        }
    }

    @Override
    double[] pool(AttentionOp op, Map<String, PlainArray> parameters, Example... maps) {
        CrossAttentionPool pool = (CrossAttentionPool) op;
        int width = pool.heads() * pool.headSize();
        double[] y = new double[2 * width];
        attend(pool, parameters, "other", maps[0], maps[1], y, 0);
        attend(pool, parameters, "input", maps[1], maps[0], y, width);
        return y;
    }
}
