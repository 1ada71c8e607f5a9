// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.oracle;

import io.github.dl4jpooling.integrationtests.golden.GoldenCase;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.StochasticPool;
import io.github.dl4jpooling.ops.TrainingPhase;
import io.github.dl4jpooling.ops.WindowInput;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Stochastic pooling. */
public final class StochasticPoolOracle extends WindowOracle {

    @Override
    public WindowOp op(PoolingWindow window, Random random) {
        if (random == null || random.nextInt(3) == 0) {
            return new StochasticPool(window, TrainingPhase.INFERENCE);
        }
        StochasticPool.ZeroPolicy policy = WindowDraws.pick(random, List.of(StochasticPool.ZeroPolicy.values()));
        return new StochasticPool(window, TrainingPhase.TRAINING, policy).withGivenNumbers();
    }

    @Override
    public List<String> goldenNames() {
        return List.of("stochastic_pool2d");
    }

    @Override
    public WindowOp goldenOp(GoldenCase golden, boolean channelsLast) {
        golden.attribute("negatives");
        PoolingWindow window = golden.window(channelsLast);
        StochasticPool.ZeroPolicy policy = golden.constant("zeroPolicy", StochasticPool.ZeroPolicy.class);
        return golden.attribute("mode").asText().equals("train")
                ? new StochasticPool(window, TrainingPhase.TRAINING, policy).withGivenNumbers()
                : new StochasticPool(window, TrainingPhase.INFERENCE, policy);
    }

    /** A few values, so that running sums round alike in float and double and do not meet the thresholds. */
    @Override
    protected double draw(Random random, double deviation) {
        return random.nextInt(3) == 0 ? -deviation * random.nextInt(3) : deviation * random.nextInt(9);
    }

    @Override
    protected double draw(WindowInput input, Random random) {
        return (random.nextInt(1 << 7) + 0.625) / (1 << 7);
    }

    @Override
    public double largestElement(double largestOfType) {
        return largestOfType / 16;
    }

    @Override
    protected Dual value(OracleWindow window) {
        Dual[] x = window.elements();
        Dual[] weights = Arrays.stream(x).map(e -> e.value() < 0 ? Dual.constant(0) : e).toArray(Dual[]::new);
        double sum = Dual.sum(weights).value();
        if (!window.has("u")) {
            Dual[] squares = Arrays.stream(weights).map(a -> a.times(a)).toArray(Dual[]::new);
            return sum == 0 ? Dual.constant(0) : Dual.sum(squares).over(Dual.sum(weights));
        }
        double u = window.parameter("u").value();
        int chosen = x.length - 1;
        if (sum == 0) {
            boolean uniform = ((StochasticPool) window.op()).zeroPolicy() == StochasticPool.ZeroPolicy.UNIFORM;
            chosen = uniform ? Math.min(x.length - 1, (int) (u * x.length)) : 0;
        } else {
            double running = 0;
            for (int i = x.length - 1; i >= 0; i--) {
                running = Dual.sum(Arrays.copyOf(weights, i + 1)).value();
                chosen = running >= u * sum ? i : chosen;
            }
        }
        window.choose(chosen);
        return x[chosen];
    }
}
