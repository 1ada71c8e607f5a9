// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.SDPooling;
import io.github.dl4jpooling.ops.StochasticPool;
import io.github.dl4jpooling.ops.StochasticPool.ZeroPolicy;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.Arrays;
import java.util.Map;
import org.apache.commons.math3.stat.inference.ChiSquareTest;
import org.junit.jupiter.api.Test;
import org.nd4j.autodiff.samediff.SDVariable;
import org.nd4j.autodiff.samediff.SameDiff;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/** The draws of stochastic pooling. */
class StochasticPoolTest {

    private static final int DRAWS = 40_000;
    private static final double SIGNIFICANCE = 1e-4; // the seeds are fixed: a failure is not bad luck

    private final NDPooling pooling = new NDPooling();

    /** The window of the literature; the 1.625 found in print is a slip of addition. */
    @Test
    void workedExample() {
        INDArray window = Nd4j.createFromArray(0, 1.1, 2.5, 0.9, 2.0, 1.0, 0, 1.5, 1.0).reshape(1, 1, 3, 3);
        StochasticPool op = new StochasticPool(PoolingWindow.builder(3, 3).build(), TrainingPhase.INFERENCE);
        assertThat(pooling.pool(op, window).getDouble(0)).isEqualTo(1.652, within(1e-12));
    }

    @Test
    void frequenciesAreProportionalToTheElements() {
        assertFrequencies(new double[] {1, 2, 3, 4}, ZeroPolicy.FIRST, new double[] {0.1, 0.2, 0.3, 0.4});
        assertFrequencies(new double[] {5, -3, 0, 15}, ZeroPolicy.FIRST, new double[] {0.25, 0, 0, 0.75});
    }

    @Test
    void windowsWithoutPositiveElements() {
        assertFrequencies(new double[] {0, -1, 0, -2}, ZeroPolicy.UNIFORM, new double[] {0.25, 0.25, 0.25, 0.25});
        assertFrequencies(new double[] {0, -1, 0, -2}, ZeroPolicy.FIRST, new double[] {1, 0, 0, 0});
    }

    private void assertFrequencies(double[] window, ZeroPolicy policy, double[] probabilities) {
        INDArray x = Nd4j.createFromArray(window).castTo(DataType.FLOAT).reshape(1, 1, 4).repeat(2, DRAWS / 10)
                .reshape(1, 1, 4, DRAWS / 10).permute(0, 1, 3, 2).dup().reshape(1, 1, 4L * DRAWS / 10);
        INDArray batch = Nd4j.tile(x, 10, 1, 1);
        StochasticPool op = new StochasticPool(
                PoolingWindow.builder(4).build(), TrainingPhase.TRAINING, policy).withSeed(17);
        INDArray index = pooling.outputs(op, batch)[1];
        long[] counts = new long[4];
        for (long position : index.dup().data().asLong()) {
            counts[(int) (position % 4)]++;
        }
        for (int i = 0; i < 4; i++) {
            if (probabilities[i] == 0) {
                assertThat(counts[i]).isZero();
            }
        }
        double[] expected = Arrays.stream(probabilities).filter(p -> p > 0).map(p -> p * DRAWS).toArray();
        long[] observed = Arrays.stream(counts).filter(count -> count > 0).toArray();
        assertThat(observed).hasSameSizeAs(expected);
        if (expected.length > 1) {
            assertThat(new ChiSquareTest().chiSquareTest(expected, observed)).isGreaterThan(SIGNIFICANCE);
        }
    }

    @Test
    void seedDecidesWhateverTheThreadsTheLayoutAndTheType() {
        NativeOps nd4j = NativeOpsHolder.getInstance().getDeviceNativeOps();
        Nd4j.getRandom().setSeed(3);
        INDArray x = Nd4j.rand(DataType.FLOAT, 3, 20, 12, 34);
        PoolingWindow window = PoolingWindow.builder(3, 2).stride(2, 2).build();
        PoolingWindow last = PoolingWindow.builder(3, 2).stride(2, 2).channelsLast(true).build();
        INDArray expected = draw(window, 5, x);
        int threads = nd4j.ompGetMaxThreads();
        try {
            nd4j.setOmpNumThreads(1);
            assertThat(draw(window, 5, x)).isEqualTo(expected);
        } finally {
            nd4j.setOmpNumThreads(threads);
        }
        assertThat(draw(window, 5, x.dup('f'))).isEqualTo(expected);
        assertThat(draw(last, 5, x.permute(0, 2, 3, 1).dup('c')).permute(0, 3, 1, 2).dup('c')).isEqualTo(expected);
        assertThat(draw(window, 5, x.castTo(DataType.DOUBLE))).isEqualTo(expected);
        assertThat(draw(window, 6, x)).isNotEqualTo(expected);
    }

    private INDArray draw(PoolingWindow window, long seed, INDArray x) {
        return pooling.outputs(new StochasticPool(window, TrainingPhase.TRAINING).withSeed(seed), x)[1].dup('c');
    }

    @Test
    void withoutSeedEveryExecutionDrawsAnew() {
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 3, 16, 16);
        StochasticPool op = new StochasticPool(PoolingWindow.builder(2, 2).build(), TrainingPhase.TRAINING);
        Nd4j.getRandom().setSeed(9);
        INDArray first = pooling.pool(op, x);
        assertThat(pooling.pool(op, x)).isNotEqualTo(first);
        Nd4j.getRandom().setSeed(9);
        assertThat(pooling.pool(op, x)).isEqualTo(first);
    }

    /** A graph learns from a BOOL scalar whether it trains; without a value SameDiff fills in that of its own name. */
    @Test
    void phaseAsAnInput() {
        PoolingWindow window = PoolingWindow.builder(2, 2).build();
        INDArray x = Nd4j.rand(DataType.DOUBLE, 2, 3, 8, 8);
        SameDiff graph = SameDiff.create();
        SDVariable input = graph.var("x", x);
        SDVariable training = graph.placeHolder("pooling_keras_learning_phase", DataType.BOOL);
        StochasticPool op = new StochasticPool(window, TrainingPhase.INPUT).withSeed(4);
        SDVariable y = new SDPooling(graph).pool("y", op, input, training);
        y.sum("loss");
        graph.setLossVariables("loss");

        INDArray inference = pooling.pool(new StochasticPool(window, TrainingPhase.INFERENCE), x);
        INDArray trained = pooling.pool(new StochasticPool(window, TrainingPhase.TRAINING).withSeed(4), x);
        assertThat(graph.output(Map.of(), "y").get("y")).isEqualTo(inference);
        for (boolean trains : new boolean[] {true, false}) {
            Map<String, INDArray> flag = Map.of("pooling_keras_learning_phase", Nd4j.scalar(trains));
            assertThat(graph.output(flag, "y").get("y")).isEqualTo(trains ? trained : inference);
            INDArray gradient = graph.calculateGradients(flag, "x").get("x");
            assertThat(gradient.eq(0).castTo(DataType.INT32).sumNumber().intValue() > 0).isEqualTo(trains);
        }
    }
}
