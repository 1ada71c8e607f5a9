// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.GraphAssignmentPool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.Random;

/** Soft clusters: sums over nodes of share times feature. */
public final class GraphAssignmentPoolOracle extends OperatorOracle {

    @Override
    public OracleCase draw(Random random) {
        int dimensions = 1 + random.nextInt(2);
        boolean masked = random.nextBoolean();
        int[] shape = new int[dimensions + 2];
        Arrays.setAll(shape, i -> 1 + random.nextInt(i < 2 ? 3 : 5));
        int[] logits = shape.clone();
        logits[1] = 1 + random.nextInt(4);
        int[] maskShape = Arrays.copyOfRange(shape, 1, shape.length);
        maskShape[0] = shape[0];
        PlainArray mask = PlainArray.zeros(maskShape);
        Arrays.setAll(mask.values(), i -> random.nextInt(3) > 0 ? 1 : 0);
        GraphAssignmentPool op = new GraphAssignmentPool(dimensions, random.nextBoolean(), masked);
        PlainArray x = PlainArray.gaussian(random, 1, shape);
        PlainArray second = PlainArray.gaussian(random, 1, logits);
        return masked ? new OracleCase(op, x, second, mask) : new OracleCase(op, x, second);
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        int examples = inputs[0].shape()[0];
        int features = inputs[0].shape()[1];
        int clusters = inputs[1].shape()[1];
        int nodes = inputs[0].values().length / examples / features;
        PlainArray y = PlainArray.zeros(examples, features, clusters);
        for (int n = 0; n < examples; n++) {
            for (int u = 0; u < nodes; u++) {
                if (inputs.length > 2 && inputs[2].values()[n * nodes + u] == 0) {
                    continue;
                }
                double[] logits = new double[clusters];
                for (int k = 0; k < clusters; k++) {
                    logits[k] = inputs[1].values()[(n * clusters + k) * nodes + u];
                }
                double[] shares = AttentionOracle.softmax(logits);
                for (int f = 0; f < features; f++) {
                    for (int k = 0; k < clusters; k++) {
                        y.values()[(n * features + f) * clusters + k] +=
                                shares[k] * inputs[0].values()[(n * features + f) * nodes + u];
                    }
                }
            }
        }
        return new PlainArray[] {y};
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return !name.equals("mask");
    }
}
