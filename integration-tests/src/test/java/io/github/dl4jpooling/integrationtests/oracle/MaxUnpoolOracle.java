// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** Maximum unpooling: the last element with an index stands there and gets the gradient. */
public final class MaxUnpoolOracle extends OperatorOracle {

    @Override
    public OracleCase draw(Random random) {
        int dimensions = 1 + random.nextInt(3);
        PlainArray x = CellOracle.map(random, CellOracle.sizes(random, dimensions, 12 / dimensions));
        int[] output = CellOracle.sizes(random, dimensions, 16 / dimensions);
        int positions = Arrays.stream(output).reduce(1, (a, b) -> a * b);
        PlainArray index = PlainArray.zeros(x.shape());
        Arrays.setAll(index.values(), i -> random.nextInt(positions));
        return new OracleCase(new MaxUnpool(random.nextBoolean(), output), x, index);
    }

    private static PlainArray empty(PoolingOp op, int[] inputShape) {
        int[] shape = inputShape.clone();
        for (int a = 2; a < shape.length; a++) {
            shape[a] = (int) ((MaxUnpool) op).outputSize()[a - 2];
        }
        return PlainArray.zeros(shape);
    }

    private static int place(PlainArray output, PlainArray index, int i) {
        int planes = index.shape()[0] * index.shape()[1];
        int plane = i / (index.values().length / planes);
        return plane * (output.values().length / planes) + (int) index.values()[i];
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        PlainArray y = empty(op, inputs[0].shape());
        for (int i = 0; i < inputs[0].values().length; i++) {
            y.values()[place(y, inputs[1], i)] = inputs[0].values()[i];
        }
        return new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray winner = empty(op, inputs[0].shape());
        for (int i = 0; i < inputs[0].values().length; i++) {
            winner.values()[place(winner, inputs[1], i)] = i;
        }
        PlainArray gradient = PlainArray.zeros(inputs[0].shape());
        for (int i = 0; i < gradient.values().length; i++) {
            int place = place(winner, inputs[1], i);
            gradient.values()[i] = winner.values()[place] == i ? yGradient.values()[place] : 0;
        }
        return new PlainArray[] {gradient};
    }

    @Override
    public boolean hasExactGradients() {
        return true;
    }

    @Override
    public boolean isMap(PoolingOp op, String name) {
        return true;
    }

    @Override
    public List<String> goldenNames() {
        return Collections.singletonList("max_unpool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.window(channelsLast); // of the pooling that the index is from
        return new MaxUnpool(channelsLast, golden.ints("outputSize"));
    }
}
