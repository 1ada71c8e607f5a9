// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.ops.SpanOp;
import io.github.dl4jpooling.ops.TimeWindowPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Time-window pooling: every event is asked whether it lies within a window. */
public final class TimeWindowPoolOracle extends SpanOracle {

    @Override
    public OracleCase draw(Random random) {
        SpanOp.Kind kind = WindowDraws.pick(random, List.of(SpanOp.Kind.values()));
        PlainArray x = map(random, kind, 14);
        int batch = x.shape()[0];
        int steps = x.shape()[2];
        double[] windows = new double[1 + random.nextInt(3)];
        Arrays.setAll(windows, i -> random.nextInt(6) == 0 ? Double.POSITIVE_INFINITY : 0.5 + 8 * random.nextDouble());
        int decay = kind == SpanOp.Kind.MAX ? 0 : random.nextInt(3);
        TimeWindowPool op = TimeWindowPool.builder(windows)
                .kind(kind)
                .moments(WindowDraws.pick(random, List.of(TimeWindowPool.Moments.values())))
                .halfLife(decay == 1 ? 0.5 + 3 * random.nextDouble() : 0)
                .learnedDecay(decay == 2)
                .masked(random.nextBoolean())
                .channelsLast(random.nextBoolean())
                .build();
        List<PlainArray> inputs = new ArrayList<>(List.of(x));
        if (decay == 2) {
            inputs.add(PlainArray.gaussian(random, 1, x.shape()[1]));
        }
        inputs.add(times(random, batch, steps));
        if (op.isMasked()) {
            inputs.add(WindowDraws.pick(random, List.of(StepMasks.values())).draw(random, batch, steps));
        }
        if (op.moments() == TimeWindowPool.Moments.GIVEN) {
            inputs.add(times(random, batch, 1 + random.nextInt(6)));
        }
        return new OracleCase(op, inputs.toArray(new PlainArray[0]));
    }

    /** Unsorted, some of them equal, far from 0 and exact in binary, as ends of windows need not be. */
    private static PlainArray times(Random random, int batch, int count) {
        PlainArray times = PlainArray.zeros(batch, count);
        Arrays.setAll(times.values(), i -> 1.7e9 + random.nextInt(15 * 8) / 8.0);
        return times;
    }

    private static PlainArray input(SpanOp op, String name, PlainArray... inputs) {
        return inputs[op.inputNames().indexOf(name)];
    }

    private static double time(SpanOp op, int example, int step, PlainArray... inputs) {
        return input(op, TimeWindowPool.TIMES, inputs).values()[example * inputs[0].shape()[2] + step];
    }

    private static int[] events(SpanOp op, int example, PlainArray... inputs) {
        return IntStream.range(0, inputs[0].shape()[2]).filter(step -> isTaken(op, example, step, inputs)).toArray();
    }

    /** NaN where there is none. */
    private static double moment(SpanOp op, int example, int place, PlainArray... inputs) {
        switch (((TimeWindowPool) op).moments()) {
            case EVERY_EVENT:
                return isTaken(op, example, place, inputs) ? time(op, example, place, inputs) : Double.NaN;
            case LAST_EVENT:
                return Arrays.stream(events(op, example, inputs))
                        .mapToDouble(step -> time(op, example, step, inputs))
                        .max()
                        .orElse(Double.NaN);
            default:
                PlainArray moments = input(op, TimeWindowPool.MOMENTS, inputs);
                return moments.values()[example * moments.shape()[1] + place];
        }
    }

    @Override
    int[] outputSizes(SpanOp op, PlainArray... inputs) {
        TimeWindowPool pool = (TimeWindowPool) op;
        int[] x = inputs[0].shape();
        int moments = pool.moments() == TimeWindowPool.Moments.EVERY_EVENT ? x[2]
                : pool.moments() == TimeWindowPool.Moments.LAST_EVENT ? 1
                : input(op, TimeWindowPool.MOMENTS, inputs).shape()[1];
        return new int[] {x[1] * pool.windows().length, moments};
    }

    @Override
    List<Integer> steps(SpanOp op, int example, int channel, int place, PlainArray... inputs) {
        double now = moment(op, example, place, inputs);
        double window = ((TimeWindowPool) op).windows()[channel / inputs[0].shape()[1]];
        return Arrays.stream(events(op, example, inputs))
                .filter(step -> time(op, example, step, inputs) <= now
                        && time(op, example, step, inputs) > now - window)
                .boxed()
                .sorted(Comparator.comparingDouble(step -> time(op, example, step, inputs)))
                .collect(Collectors.toList());
    }

    @Override
    double[] weights(SpanOp op, int[] at, List<Integer> steps, PlainArray... inputs) {
        TimeWindowPool pool = (TimeWindowPool) op;
        double now = moment(op, at[0], at[2], inputs);
        double tau = pool.isDecayLearned()
                ? Math.exp(input(op, "logTau", inputs).values()[at[1] % inputs[0].shape()[1]])
                : pool.halfLife() == 0 ? Double.POSITIVE_INFINITY : pool.halfLife() / Math.log(2);
        return steps.stream()
                .mapToDouble(step -> Math.exp(-(now - time(op, at[0], step, inputs)) / tau))
                .toArray();
    }
}
