// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.ChunkPool;
import io.github.dl4jpooling.ops.SpanOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Chunk pooling: step number i of L is in chunk j if the intervals [i, i + 1) and [j L / k, (j + 1) L / k) meet. */
public final class ChunkPoolOracle extends SpanOracle {

    @Override
    public OracleCase draw(Random random) {
        SpanOp.Kind kind = WindowDraws.pick(random, List.of(SpanOp.Kind.values()));
        PlainArray x = map(random, kind, 25);
        boolean masked = random.nextInt(3) > 0;
        ChunkPool op = new ChunkPool(random.nextBoolean(), 1 + random.nextInt(8), kind, masked);
        StepMasks masks = WindowDraws.pick(random, List.of(StepMasks.values()));
        PlainArray mask = masks.draw(random, x.shape()[0], x.shape()[2]);
        return masked ? new OracleCase(op, x, mask) : new OracleCase(op, x);
    }

    @Override
    int[] outputSizes(SpanOp op, PlainArray... inputs) {
        return new int[] {inputs[0].shape()[1], ((ChunkPool) op).k()};
    }

    @Override
    List<Integer> steps(SpanOp op, int example, int channel, int place, PlainArray... inputs) {
        int k = ((ChunkPool) op).k();
        int[] taken = IntStream.range(0, inputs[0].shape()[2])
                .filter(step -> isTaken(op, example, step, inputs))
                .toArray();
        return IntStream.range(0, taken.length)
                .filter(i -> (i + 1) * k > place * taken.length && i * k < (place + 1) * taken.length)
                .mapToObj(i -> taken[i])
                .collect(Collectors.toList());
    }

    @Override
    double[] weights(SpanOp op, int[] at, List<Integer> steps, PlainArray... inputs) {
        double[] weights = new double[steps.size()];
        Arrays.fill(weights, 1);
        return weights;
    }
}
