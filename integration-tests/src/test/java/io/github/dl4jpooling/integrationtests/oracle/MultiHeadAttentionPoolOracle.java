// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.AttentionOp;
import io.github.dl4jpooling.ops.MultiHeadAttentionPool;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;

/** Keys and values of every position, then the attention of each query and head. */
public final class MultiHeadAttentionPoolOracle extends AttentionOracle {

    @Override
    public OracleCase draw(Random random) {
        int[] sizes = sizes(random, 1 + random.nextInt(3));
        return inputs(random,
                new MultiHeadAttentionPool(sizes.length, random.nextBoolean(), 1 + random.nextInt(3),
                        1 + random.nextInt(3), 1 + random.nextInt(3), random.nextBoolean()),
                sizes);
    }

    @Override
    double[] pool(AttentionOp op, Map<String, PlainArray> parameters, Example... maps) {
        MultiHeadAttentionPool pool = (MultiHeadAttentionPool) op;
        int size = pool.headSize();
        int width = pool.heads() * size;
        double[] queries = parameters.get("queries").values();
        double[][] keys = maps[0].times(parameters.get("keyWeights"), null);
        double[][] values = maps[0].times(parameters.get("valueWeights"), parameters.get("valueBias"));
        double[] outputWeights = parameters.get("outputWeights").values();
        double[] y = new double[pool.queries() * width];
        for (int query = 0; query < pool.queries(); query++) {
            double[] z = new double[width];
            for (int first = 0; first < width; first += size) {
                double[] scores = new double[maps[0].positions()];
                for (int i = 0; i < scores.length; i++) {
                    for (int k = first; k < first + size; k++) {
                        scores[i] += queries[query * width + k] * keys[k][i] / Math.sqrt(size);
                    }
                }
                double[] weights = softmax(scores);
                for (int k = first; k < first + size; k++) {
                    z[k] = dot(weights, values[k]);
                }
            }
            for (int row = 0; row < width; row++) {
                y[query * width + row] = parameters.get("outputBias").values()[row]
                        + dot(Arrays.copyOfRange(outputWeights, row * width, (row + 1) * width), z);
            }
        }
        return y;
    }
}
