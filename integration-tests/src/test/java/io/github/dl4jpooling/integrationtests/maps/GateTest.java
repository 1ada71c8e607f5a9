// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.maps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jpooling.layers.conf.SePooling;
import io.github.dl4jpooling.layers.conf.SpatialGating;
import io.github.dl4jpooling.ops.CbamPool;
import io.github.dl4jpooling.ops.ChannelGate;
import io.github.dl4jpooling.ops.GatePool;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.NetworkOp;
import io.github.dl4jpooling.ops.SePool;
import io.github.dl4jpooling.ops.SpatialGate;
import io.github.dl4jpooling.ops.StripAttention;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Gates: empty arrays, errors, running statistics. */
class GateTest {

    private final NDPooling pooling = new NDPooling();

    private static Stream<NetworkOp> ops() {
        return Stream.of(new SePool(2), new ChannelGate(false, 2, GatePool.values()),
                new SpatialGate(false, TrainingPhase.TRAINING), new SpatialGate(false, TrainingPhase.INFERENCE, 3),
                new CbamPool(false, TrainingPhase.TRAINING), new StripAttention(false, TrainingPhase.TRAINING),
                new StripAttention(false, TrainingPhase.INFERENCE, 5));
    }

    private static INDArray[] inputs(NetworkOp op, long... shape) {
        List<INDArray> inputs = new ArrayList<>(List.of(Nd4j.rand(DataType.FLOAT, shape)));
        op.parameterShapes(shape).values().forEach(sizes -> inputs.add(Nd4j.rand(DataType.FLOAT, sizes)));
        return inputs.toArray(new INDArray[0]);
    }

    @TestFactory
    Stream<DynamicTest> withoutExamples() {
        return ops().map(op -> DynamicTest.dynamicTest(op.toString(), () -> {
            INDArray[] inputs = inputs(op, 2, 4, 5, 6);
            inputs[0] = Nd4j.create(DataType.FLOAT, 0, 4, 5, 6);
            INDArray[] outputs = pooling.outputs(op, inputs);
            assertThat(outputs[0].isEmpty()).isTrue();
            INDArray[] gradients = pooling.gradients(op, outputs[0], outputs, inputs);
            for (int i = 1; i < gradients.length; i++) {
                assertThat(gradients[i].shape()).isEqualTo(inputs[i].shape());
                assertThat(gradients[i].amaxNumber().doubleValue()).isZero();
            }
        }));
    }

    private static void assertRejected(ThrowingCallable call, String... parts) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(parts);
    }

    @TestFactory
    Stream<DynamicTest> parametersOfWrongShape() {
        return ops().map(op -> DynamicTest.dynamicTest(op.toString(), () -> {
            INDArray[] inputs = inputs(op, 2, 4, 5, 6);
            for (int i = 1; i < inputs.length; i++) {
                INDArray[] wrong = inputs.clone();
                wrong[i] = inputs[0];
                assertRejected(() -> pooling.pool(op, wrong), op.operator().title(),
                        "shape of the " + op.inputNames().get(Arrays.asList(wrong).lastIndexOf(inputs[0])),
                        Arrays.toString(inputs[i].shape()), "[2, 4, 5, 6]");
            }
        }));
    }

    @Test
    void settings() {
        assertRejected(() -> new SePool(0), "Squeeze and excitation", "reduction", "1", "0");
        assertRejected(() -> new ChannelGate(false, 2), "Channel gate", "1 to 16 poolings", "0");
        assertRejected(() -> new SpatialGate(false, TrainingPhase.TRAINING, 4), "Spatial gate", "odd", "4");
        assertRejected(() -> new SpatialGate(false, TrainingPhase.INPUT), "TRAINING or INFERENCE", "INPUT");
        assertRejected(() -> new CbamPool(false, TrainingPhase.TRAINING, 0, 7), "reduction", "0");
        assertRejected(() -> new CbamPool(false, TrainingPhase.TRAINING, 1, 8), "odd", "8");
        assertRejected(() -> new StripAttention(false, TrainingPhase.TRAINING, 0), "gateChannels", "0");
        assertThatThrownBy(() -> new SePooling.Builder().reduction(0).build())
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContainingAll("SePooling", "reduction", "0");
        assertThatThrownBy(() -> new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list()
                .layer(new SePooling.Builder().build()).build()).init())
                        .isInstanceOf(DL4JInvalidConfigException.class)
                        .hasMessageContainingAll("SePooling", "input type");
    }

    /** As PyTorch has it: momentum 0.01, the unbiased variance; inference uses what training kept. */
    @Test
    void runningStatistics() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder().seed(1)
                .dataType(DataType.DOUBLE).list().layer(new SpatialGating.Builder().kernelSize(3).build())
                .setInputType(InputType.convolutional(4, 5, 3)).build());
        network.init();
        INDArray x = Nd4j.randn(DataType.DOUBLE, 2, 3, 4, 5);
        INDArray[] parameters = Stream.of("weights", "gain", "shift", "mean", "variance")
                .map(name -> network.getParam("0_" + name)).toArray(INDArray[]::new);
        INDArray[] inputs = Stream.concat(Stream.of(x), Stream.of(parameters)).toArray(INDArray[]::new);
        INDArray statistics = pooling.outputs(new SpatialGate(false, TrainingPhase.TRAINING, 3), inputs)[1];
        network.feedForward(x, true);
        double count = 2 * 4 * 5;
        double variance = statistics.getDouble(1, 0) * count / (count - 1);
        assertThat(parameters[3].getDouble(0)).isCloseTo(0.01 * statistics.getDouble(0, 0), within(1e-12));
        assertThat(parameters[4].getDouble(0)).isCloseTo(0.99 + 0.01 * variance, within(1e-12));
        assertThat(network.output(x))
                .isEqualTo(pooling.pool(new SpatialGate(false, TrainingPhase.INFERENCE, 3), inputs));
        assertThat(parameters[3].getDouble(0)).as("inference changes nothing")
                .isCloseTo(0.01 * statistics.getDouble(0, 0), within(1e-12));
    }
}
