// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.KMaxPool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/** K-max pooling: the k largest of each sequence in their order. */
public final class KMaxPoolOracle extends TopElementsOracle {

    @Override
    public OracleCase draw(Random random) {
        PlainArray x = CellOracle.map(random, CellOracle.sizes(random, 1, 12));
        int k = 1 + random.nextInt(random.nextBoolean() ? 4 : 40);
        boolean masked = random.nextBoolean();
        KMaxPool op = new KMaxPool(random.nextBoolean(), k, masked);
        PlainArray mask = PlainArray.zeros(x.shape()[0], x.shape()[2]);
        double share = random.nextDouble();
        Arrays.setAll(mask.values(), i -> random.nextDouble() < share ? 1 : 0);
        return masked ? new OracleCase(op, x, mask) : new OracleCase(op, x);
    }

    /** The places in one sequence that are taken. */
    private static int[] taken(KMaxPool op, int plane, PlainArray... inputs) {
        int length = inputs[0].shape()[2];
        int row = plane / inputs[0].shape()[1] * length;
        IntStream places = IntStream.range(0, length)
                .filter(i -> inputs.length == 1 || inputs[1].values()[row + i] != 0)
                .map(i -> plane * length + i);
        return Arrays.stream(largest(inputs[0].values(), op.k(), places)).map(i -> i - plane * length).toArray();
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        int[] shape = inputs[0].shape();
        int k = ((KMaxPool) op).k();
        PlainArray y = PlainArray.zeros(shape[0], shape[1], k);
        PlainArray index = PlainArray.zeros(y.shape());
        Arrays.fill(index.values(), -1);
        for (int plane = 0; plane < shape[0] * shape[1]; plane++) {
            int[] taken = taken((KMaxPool) op, plane, inputs);
            for (int o = 0; o < taken.length; o++) {
                y.values()[plane * k + o] = inputs[0].values()[plane * shape[2] + taken[o]];
                index.values()[plane * k + o] = taken[o];
            }
        }
        return new PlainArray[] {y, index};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        int[] shape = inputs[0].shape();
        int k = ((KMaxPool) op).k();
        PlainArray gradient = PlainArray.zeros(shape);
        for (int plane = 0; plane < shape[0] * shape[1]; plane++) {
            int[] taken = taken((KMaxPool) op, plane, inputs);
            for (int o = 0; o < taken.length; o++) {
                gradient.values()[plane * shape[2] + taken[o]] = yGradient.values()[plane * k + o];
            }
        }
        return new PlainArray[] {gradient};
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return super.isMap(op, name) || name.equals("index");
    }
}
