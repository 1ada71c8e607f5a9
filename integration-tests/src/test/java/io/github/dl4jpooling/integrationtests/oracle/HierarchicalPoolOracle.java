// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.AdaptiveMaxPool;
import io.github.dl4jpooling.ops.HierarchicalPool;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Hierarchical pooling: stages one behind the other; with a mask on the steps that it leaves, example by example. */
public final class HierarchicalPoolOracle extends CombinedOracle {

    private static final int WINDOW = 3; // of masked sequences
    private static final int KERNEL = 3; // place among the arguments

    @Override
    public OracleCase draw(Random random) {
        if (random.nextInt(3) == 0) {
            return masked(random);
        }
        WindowDraws drawn = WindowDraws.ofFewTaps(random, 1 + random.nextInt(3));
        PoolingWindow window = drawn.window();
        List<PoolingOp> stages = new ArrayList<>();
        stages.add(random.nextInt(3) == 0
                ? FusionPoolOracle.op(window, random)
                : drawn(window, false, random));
        for (int i = random.nextInt(3); i > 0; i--) {
            stages.add(fitting(window.dimensions(), window.channelsLast(), random));
        }
        return new OracleCase(
                new HierarchicalPool(stages, false), PlainArray.gaussian(random, 2, drawn.shape()));
    }

    private static OracleCase masked(Random random) {
        boolean last = random.nextBoolean();
        PoolingWindow window = PoolingWindow.builder(WINDOW).stride(1).channelsLast(last).build();
        HierarchicalPool op = new HierarchicalPool(
                List.of(drawn(window, false, random), new AdaptiveMaxPool(last, 1 + random.nextInt(2))), true);
        PlainArray x = PlainArray.gaussian(random, 2, 1 + random.nextInt(3), 1 + random.nextInt(4),
                1 + random.nextInt(12));
        PlainArray mask = PlainArray.zeros(x.shape()[0], x.shape()[2]);
        double share = random.nextDouble();
        Arrays.setAll(mask.values(), i -> random.nextDouble() < share ? 1 : 0);
        return new OracleCase(op, x, mask);
    }

    /** Steps of an example that count. */
    private static int[] steps(PlainArray mask, int example) {
        int length = mask.shape()[1];
        return IntStream.range(0, length).filter(i -> mask.values()[example * length + i] != 0).toArray();
    }

    /** The stages for a sequence: where it is shorter than the window, the window is the sequence. */
    private static List<PoolingOp> stages(PoolingOp op, int length) {
        List<PoolingOp> stages = new ArrayList<>(parts(op));
        if (length < WINDOW) {
            stages.set(0, withKernel(stages.get(0), length));
        }
        return stages;
    }

    private static PoolingOp withKernel(PoolingOp part, int kernel) {
        PoolingOp result = part.operator().newOp();
        long[] options = part.iArgs().clone();
        options[KERNEL] = kernel;
        result.addIArgument(options);
        result.addTArgument(part.tArgs());
        result.configureFromArguments();
        return result;
    }

    private static PlainArray example(PlainArray x, int example, int[] steps) {
        PlainArray result = PlainArray.zeros(1, x.shape()[1], steps.length);
        for (int i = 0; i < result.values().length; i++) {
            int[] at = result.index(i);
            result.values()[i] = x.values()[(example * x.shape()[1] + at[1]) * x.shape()[2] + steps[at[2]]];
        }
        return result;
    }

    private static PlainArray pool(List<PoolingOp> stages, PlainArray x) {
        PlainArray map = x;
        for (PoolingOp stage : stages) {
            map = pool(stage, map);
        }
        return map;
    }

    private static PlainArray gradient(List<PoolingOp> stages, PlainArray yGradient, PlainArray x) {
        if (stages.size() == 1) {
            return gradient(stages.get(0), yGradient, x);
        }
        PlainArray map = pool(stages.get(0), x);
        PlainArray ofMap = gradient(stages.subList(1, stages.size()), yGradient, map);
        return gradient(stages.get(0), ofMap, x);
    }

    @Override
    public PlainArray[] outputs(PoolingOp op, PlainArray... inputs) {
        PlainArray x = inputs[0];
        if (inputs.length == 1) {
            return new PlainArray[] {pool(parts(op), x)};
        }
        int size = (int) ((AdaptiveMaxPool) parts(op).get(1)).outputSize()[0];
        PlainArray y = PlainArray.zeros(x.shape()[0], x.shape()[1], size);
        int length = y.values().length / x.shape()[0];
        for (int n = 0; n < x.shape()[0]; n++) {
            int[] steps = steps(inputs[1], n);
            if (steps.length > 0) {
                PlainArray result = pool(stages(op, steps.length), example(x, n, steps));
                System.arraycopy(result.values(), 0, y.values(), n * length, length);
            }
        }
        return new PlainArray[] {y};
    }

    @Override
    public PlainArray[] gradients(PoolingOp op, PlainArray yGradient, PlainArray... inputs) {
        PlainArray x = inputs[0];
        if (inputs.length == 1) {
            return new PlainArray[] {gradient(parts(op), yGradient, x)};
        }
        PlainArray gradient = PlainArray.zeros(x.shape());
        int length = yGradient.values().length / x.shape()[0];
        for (int n = 0; n < x.shape()[0]; n++) {
            int[] steps = steps(inputs[1], n);
            if (steps.length > 0) {
                double[] own = Arrays.copyOfRange(yGradient.values(), n * length, (n + 1) * length);
                PlainArray ofExample = gradient(stages(op, steps.length),
                        new PlainArray(new int[] {1, x.shape()[1], length / x.shape()[1]}, own),
                        example(x, n, steps));
                for (int i = 0; i < ofExample.values().length; i++) {
                    int[] at = ofExample.index(i);
                    gradient.values()[(n * x.shape()[1] + at[1]) * x.shape()[2] + steps[at[2]]] =
                            ofExample.values()[i];
                }
            }
        }
        return new PlainArray[] {gradient};
    }

    @Override
    public List<String> goldenNames() {
        return List.of("hierarchical_pool2d");
    }

    @Override
    public PoolingOp goldenOp(GoldenCase golden, boolean channelsLast) {
        return new HierarchicalPool(parts(golden.attribute("stages"), channelsLast));
    }
}
