// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.family;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.layers.conf.DeformablePolicyPooling;
import io.github.dl4jpooling.ops.AveragePool;
import io.github.dl4jpooling.ops.DeformablePolicyBlockPool;
import io.github.dl4jpooling.ops.DeformablePolicyPool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The draw of deformable policy pooling, its gradients, and that a policy finds what is informative. */
class DeformablePolicyPoolTest {

    private static final PoolingWindow WINDOW = PoolingWindow.builder(2, 2).build();
    private static final int DRAWS = 4000;

    private static INDArray[] inputs(DataType type) {
        Nd4j.getRandom().setSeed(5);
        return new INDArray[] {
            Nd4j.randn(DataType.DOUBLE, 1, 4, 4, 6).castTo(type),
            Nd4j.randn(DataType.DOUBLE, 1, 16, 2, 3).mul(0.5).castTo(type),
            Nd4j.randn(DataType.DOUBLE, 1, 8, 2, 3).castTo(type)
        };
    }

    private static INDArray[] gradients(PoolingOp op, INDArray yGradient, INDArray... inputs) {
        return new NDPooling().gradients(op, yGradient, new NDPooling().outputs(op, inputs), inputs);
    }

    /** Means over many draws; the allowance is five standard errors of each mean, found from the draws themselves. */
    @Test
    void sampledGradientsAreUnbiased() {
        INDArray[] inputs = inputs(DataType.DOUBLE);
        INDArray yGradient = Nd4j.randn(DataType.DOUBLE, 1, 4, 2, 3);
        INDArray[] expected =
                gradients(new DeformablePolicyPool(WINDOW, 2, TrainingPhase.INFERENCE), yGradient, inputs);
        DeformablePolicyPool sampling = new DeformablePolicyPool(WINDOW, 2, TrainingPhase.TRAINING);
        INDArray[] sums = Arrays.stream(inputs).map(Nd4j::zerosLike).toArray(INDArray[]::new);
        INDArray[] squares = Arrays.stream(inputs).map(Nd4j::zerosLike).toArray(INDArray[]::new);
        for (int draw = 0; draw < DRAWS; draw++) {
            INDArray[] estimate = gradients(sampling.withSeed(draw), yGradient, inputs);
            for (int i = 0; i < estimate.length; i++) {
                sums[i].addi(estimate[i]);
                squares[i].addi(estimate[i].mul(estimate[i]));
            }
        }
        for (int i = 0; i < sums.length; i++) {
            for (long e = 0; e < sums[i].length(); e++) {
                double mean = sums[i].getDouble(e) / DRAWS;
                double variance = Math.max(0, squares[i].getDouble(e) / DRAWS - mean * mean);
                double allowed = 5 * Math.sqrt(variance / DRAWS) + 1e-9;
                assertThat(mean).as("input %d, element %d", i, e).isCloseTo(expected[i].getDouble(e), within(allowed));
            }
        }
        // The test would see a bias: what is estimated is many times larger than the allowance.
        double largest = expected[2].amaxNumber().doubleValue();
        double noise = Math.sqrt(squares[2].maxNumber().doubleValue() / DRAWS / DRAWS);
        assertThat(largest).isGreaterThan(10 * noise);
    }

    @Test
    void drawsAsOftenAsThePolicySays() {
        INDArray[] inputs = inputs(DataType.FLOAT);
        INDArray x = Nd4j.ones(DataType.FLOAT, 1, 1, 200, 200);
        INDArray offset = Nd4j.zeros(DataType.FLOAT, 1, 8, 100, 100);
        INDArray policy = Nd4j.zeros(DataType.FLOAT, 1, 4, 100, 100);
        double[] shares = {0.5, 0.3, 0.15, 0.05};
        for (int tap = 0; tap < shares.length; tap++) {
            policy.get(NDArrayIndex.point(0), NDArrayIndex.point(tap)).assign(Math.log(shares[tap]));
        }
        DeformablePolicyPool op = new DeformablePolicyPool(WINDOW, 1, TrainingPhase.TRAINING);
        INDArray index = new NDPooling().outputs(op.withSeed(3), x, offset, policy)[1];
        for (int tap = 0; tap < shares.length; tap++) {
            double count = index.castTo(DataType.DOUBLE).eq(tap).castTo(DataType.DOUBLE).sumNumber().doubleValue();
            assertThat(count / 10000).isCloseTo(shares[tap], within(0.02));
        }
        assertThat(new NDPooling().outputs(op.withSeed(3), x, offset, policy)[1]).isEqualTo(index);
        assertThat(new NDPooling().outputs(op.withSeed(4), x, offset, policy)[1]).isNotEqualTo(index);
        assertThat(new NDPooling().outputs(op, x, offset, policy)[1])
                .isNotEqualTo(new NDPooling().outputs(op, x, offset, policy)[1]);
        assertThat(inputs).hasSize(3);
    }

    /** The draw is of the window's number, not of where it lies in memory. */
    @Test
    void drawsTheSameInBothOrdersOfAxes() {
        INDArray[] inputs = inputs(DataType.FLOAT);
        INDArray[] last =
                Arrays.stream(inputs).map(array -> array.permute(0, 2, 3, 1).dup('c')).toArray(INDArray[]::new);
        PoolingWindow window = PoolingWindow.builder(2, 2).channelsLast(true).build();
        for (long seed = 0; seed < 20; seed++) {
            INDArray[] a = new NDPooling().outputs(
                    new DeformablePolicyPool(WINDOW, 2, TrainingPhase.TRAINING).withSeed(seed), inputs);
            INDArray[] b = new NDPooling().outputs(
                    new DeformablePolicyPool(window, 2, TrainingPhase.TRAINING).withSeed(seed), last);
            Comparison.assertSameBits("output", b[0].permute(0, 3, 1, 2).dup('c'), a[0]);
            assertThat(b[1].permute(0, 3, 1, 2).dup('c')).isEqualTo(a[1]);
        }
    }

    @Test
    void newBlockIsAveragePooling() {
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 7, 8);
        PoolingWindow window = PoolingWindow.builder(3, 3).stride(2, 2).padding(1, 1).build();
        DeformablePolicyBlockPool op = new DeformablePolicyBlockPool(window);
        INDArray[] inputs = {x, Nd4j.zeros(DataType.DOUBLE, 27, 3, 3, 3), Nd4j.zeros(DataType.DOUBLE, 27)};
        assertThat(new NDPooling().pool(op, inputs).distance2(new NDPooling().pool(new AveragePool(window, true), x)))
                .isLessThan(1e-12);
    }

    @Test
    void anIndexOutOfRangeIsAnError() {
        INDArray[] inputs = inputs(DataType.FLOAT);
        DeformablePolicyPool op = new DeformablePolicyPool(WINDOW, 2, TrainingPhase.TRAINING);
        INDArray[] outputs = new NDPooling().outputs(op, inputs);
        outputs[1].putScalar(new long[] {0, 0, 0, 0}, 4);
        assertThatThrownBy(() -> new NDPooling().gradients(op, outputs[0], outputs, inputs))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the index must be from -1 to 3");
    }

    /** One place of each window, always the same one, holds the label; the others are noise. Offsets stay 0. */
    @ParameterizedTest
    @EnumSource(value = TrainingPhase.class, names = "INPUT", mode = EnumSource.Mode.EXCLUDE)
    void thePolicyConcentratesOnTheInformativePlace(TrainingPhase phase) {
        Nd4j.getRandom().setSeed(11);
        int informative = 2;
        INDArray x = Nd4j.randn(DataType.DOUBLE, 8, 1, 16, 16);
        INDArray label = informativePlaces(x, informative);
        INDArray offset = Nd4j.zeros(DataType.DOUBLE, 8, 8, 8, 8);
        INDArray logits = Nd4j.zeros(DataType.DOUBLE, 4);
        DeformablePolicyPool op = new DeformablePolicyPool(WINDOW, 1, phase);
        for (int step = 0; step < 200; step++) {
            INDArray policy = logits.reshape(1, 4, 1, 1).broadcast(8, 4, 8, 8);
            INDArray[] inputs = {x, offset, policy};
            INDArray[] outputs = new NDPooling().outputs(op, inputs);
            INDArray error = outputs[0].sub(label);
            INDArray gradient = new NDPooling().gradients(op, error, outputs, inputs)[2];
            logits.subi(gradient.mean(0, 2, 3));
        }
        INDArray shares = Transforms.exp(logits.sub(logits.maxNumber()));
        assertThat(shares.getDouble(informative) / shares.sumNumber().doubleValue()).isGreaterThan(0.9);
    }

    private static INDArray informativePlaces(INDArray x, int place) {
        return x.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(place / 2, 2, x.size(2)),
                NDArrayIndex.interval(place % 2, 2, x.size(3))).dup('c');
    }

    /** The same in a network, which may move the other places to the informative one too. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aLayerFindsTheInformativePlace(boolean sampling) {
        Nd4j.getRandom().setSeed(11);
        int informative = 2; // second row, first column
        INDArray x = Nd4j.randn(DataType.FLOAT, 16, 1, 8, 8);
        INDArray label = informativePlaces(x, informative);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.02))
                .list()
                .layer(new DeformablePolicyPooling.Builder(2, 2).stride(2, 2).sampling(sampling).build())
                .layer(new CnnLossLayer.Builder(LossFunctions.LossFunction.MSE)
                        .activation(Activation.IDENTITY).build())
                .setInputType(InputType.convolutional(8, 8, 1))
                .build());
        network.init();
        double before = network.output(x).distance2(label);
        for (int step = 0; step < 300; step++) {
            network.fit(x, label);
        }
        assertThat(network.output(x).distance2(label)).isLessThan(before / 4);
        INDArray logits = network.getParam("0_bias").get(NDArrayIndex.interval(8, 12));
        assertThat(logits.argMax().getInt(0)).isEqualTo(informative);
    }
}
