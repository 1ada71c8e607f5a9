// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.S3Pool;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** S3 pooling with given rows and columns, and at inference. */
public final class S3PoolOracle extends CellOracle {

    @Override
    public OracleCase draw(Random random) {
        int dimensions = 1 + random.nextInt(3);
        int k = 1 + random.nextInt(4);
        int[] n = sizes(random, dimensions, 16 / dimensions);
        Arrays.setAll(n, a -> n[a] + k - 1);
        boolean maxFirst = random.nextInt(3) > 0;
        TrainingPhase phase = WindowDraws.pick(random, Arrays.asList(TrainingPhase.values()));
        boolean draws = phase != TrainingPhase.INFERENCE;
        List<PlainArray> inputs = new ArrayList<>(Collections.singletonList(map(random, n)));
        boolean masked = dimensions == 1 && random.nextInt(3) > 0;
        if (masked) {
            StepMasks masks = WindowDraws.pick(random, List.of(StepMasks.values()));
            inputs.add(masks.draw(random, inputs.get(0).shape()[0], n[0]));
        }
        for (int a = 0; a < dimensions && draws; a++) {
            int z = maxFirst ? n[a] - k + 1 : n[a];
            double[] places = random.ints(0, z).distinct().limit(1 + random.nextInt(z)).sorted().asDoubleStream()
                    .toArray();
            inputs.add(new PlainArray(new int[] {places.length}, places));
        }
        if (phase == TrainingPhase.INPUT) {
            inputs.add(new PlainArray(new int[] {1}, new double[] {random.nextInt(2)}));
        }
        S3Pool op = S3Pool.builder(k).gridSize(k * (1 + random.nextInt(3))).dimensions(dimensions).phase(phase)
                .drawsGiven(draws).maxFirst(maxFirst).masked(masked).channelsLast(random.nextBoolean()).build();
        return new OracleCase(op, inputs.toArray(new PlainArray[0]));
    }

    private static boolean isTraining(S3Pool op, PlainArray... inputs) {
        return op.phase() == TrainingPhase.TRAINING
                || op.phase() == TrainingPhase.INPUT && inputs[inputs.length - 1].values()[0] != 0;
    }

    @Override
    protected Cells cells(PoolingOp op, PlainArray... inputs) {
        S3Pool pool = (S3Pool) op;
        int k = (int) pool.poolSize();
        int window = pool.isMaxFirst() ? k : 1;
        int padding = pool.isMaxFirst() ? k / 2 : 0;
        int[] n = inputs[0].shape();
        int dimensions = n.length - 2;
        PlainArray mask = pool.isMasked() ? inputs[1] : null;
        int draws = pool.isMasked() ? 2 : 1; // where they begin among the inputs
        boolean training = isTraining(pool, inputs);
        int[] shape = n.clone();
        for (int a = 0; a < dimensions; a++) {
            int z = n[a + 2] - window + 1;
            shape[a + 2] = training ? inputs[a + draws].values().length : (z + 2 * padding - k) / k + 1;
        }
        Cells cells = new Cells(training, shape);
        PlainArray y = PlainArray.zeros(shape);
        for (int i = 0; i < y.values().length; i++) {
            int[] at = y.index(i);
            int plane = at[0] * n[1] + at[1];
            int[][] ranges = new int[dimensions][];
            for (int a = 0; a < dimensions; a++) {
                int begin = training ? (int) inputs[a + draws].values()[at[a + 2]] : at[a + 2] * k - padding;
                ranges[a] = training
                        ? new int[] {begin, begin + window}
                        : new int[] {Math.max(0, begin), Math.min(n[a + 2] - window + 1, begin + k)};
            }
            if (training) {
                cells.add(1, unmasked(mask, n, places(n, plane, ranges)));
            } else {
                int[] largest = Arrays.stream(places(n, plane, ranges)) // windows by their first elements
                        .mapToObj(first -> unmasked(mask, n, window(n, first, window)))
                        .filter(elements -> elements.length > 0)
                        .mapToInt(elements -> chosen(inputs[0].values(), elements))
                        .toArray();
                cells.add(largest.length, largest);
            }
        }
        return cells;
    }

    /** Places of the steps that a mask leaves. */
    private static int[] unmasked(PlainArray mask, int[] n, int... places) {
        return Arrays.stream(places)
                .filter(place -> mask == null || mask.values()[place / n[2] / n[1] * n[2] + place % n[2]] != 0)
                .toArray();
    }

    /** Places of the window that begins at a place. */
    private static int[] window(int[] n, int first, int k) {
        int[] places = {first};
        int step = 1;
        for (int a = n.length - 1; a >= 2; a--) {
            int[] next = new int[places.length * k];
            for (int i = 0; i < next.length; i++) {
                next[i] = places[i % places.length] + i / places.length * step;
            }
            places = next;
            step *= n[a];
        }
        return places;
    }

    @Override
    public List<String> goldenNames() {
        return Collections.singletonList("s3pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        boolean training = golden.attribute("mode").asText().equals("train");
        return S3Pool.builder(golden.attribute("poolSize").asInt())
                .gridSize(golden.attribute("gridSize").asInt())
                .phase(training ? TrainingPhase.TRAINING : TrainingPhase.INFERENCE)
                .drawsGiven(training)
                .maxFirst(golden.attribute("maxFirst").asBoolean())
                .channelsLast(channelsLast)
                .build();
    }
}
