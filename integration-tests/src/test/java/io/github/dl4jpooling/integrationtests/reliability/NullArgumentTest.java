// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.layers.OneDnn;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.QuantizedForms;
import io.github.dl4jpooling.ops.SDPooling;
import io.github.dl4jpooling.ops.SoftPool;
import io.github.dl4jpooling.zoo.swap.BatchNormStatistics;
import io.github.dl4jpooling.zoo.swap.Pooling;
import io.github.dl4jpooling.zoo.swap.PoolingSwap;
import io.github.dl4jpooling.zoo.swap.QuantizedSwap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** Null where an argument must not be null: the message says which. */
class NullArgumentTest {

    private static final PoolingSwap SWAP = PoolingSwap.to(Pooling.soft());
    private static final QuantizedSwap QUANTIZED = QuantizedSwap.to(DataType.UINT8);
    private static final PoolingOp OP = new SoftPool(PoolingWindow.builder(2, 2).build());

    /** Of ops, layers, vertices and what they are configured with. */
    @TestFactory
    Stream<DynamicTest> constructorsBuildersAndFactories() {
        return HostileConfigurationTest.CLASSES.stream().map(type -> DynamicTest.dynamicTest(type.getSimpleName(),
                () -> assertThat(new HostileMaker(new Random(1), 0, call -> {}).unrefusedNulls(type)).isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> methods() {
        NDPooling pooling = new NDPooling();
        Map<ThrowingCallable, String> calls = new LinkedHashMap<>();
        calls.put(() -> pooling.pool(null), "op");
        calls.put(() -> pooling.pool(OP, (INDArray[]) null), "inputs");
        calls.put(() -> pooling.gradients(null, null), "op");
        calls.put(() -> pooling.gradients(OP, null, null, new INDArray[1]), "outputs");
        calls.put(() -> new SDPooling(null), "sameDiff");
        calls.put(() -> OP.outputShapes(null), "inputs");
        calls.put(() -> OP.execute(null, null), "inputs");
        calls.put(() -> QuantizedForms.of(OP, null, null), "input");
        calls.put(() -> OneDnn.enable((MultiLayerNetwork) null), "network");
        calls.put(() -> Pooling.of("name", null), "settings");
        calls.put(() -> Pooling.max().layer(null, "name"), "window");
        calls.put(() -> PoolingSwap.to(null), "pooling");
        calls.put(() -> SWAP.where(null), "condition");
        calls.put(() -> SWAP.named((String[]) null), "names");
        calls.put(() -> SWAP.named("a", null), "names");
        calls.put(() -> SWAP.matching(null), "regularExpression");
        calls.put(() -> SWAP.ofPooling((String) null), "poolings");
        calls.put(() -> SWAP.ofType((Class<Layer>) null), "type");
        calls.put(() -> SWAP.inputTypes((InputType) null), "types");
        calls.put(() -> SWAP.checkedOn((INDArray) null), "examples");
        calls.put(() -> SWAP.apply((MultiLayerNetwork) null), "network");
        calls.put(() -> SWAP.apply((ComputationGraph) null), "network");
        calls.put(() -> SWAP.apply((MultiLayerConfiguration) null), "configuration");
        calls.put(() -> QUANTIZED.apply((MultiLayerNetwork) null, null), "network");
        calls.put(() -> QUANTIZED.apply((ComputationGraph) null, (DataSetIterator) null), "examples");
        calls.put(() -> BatchNormStatistics.recalibrate((MultiLayerNetwork) null, null), "data");
        return calls.entrySet().stream().map(call -> DynamicTest.dynamicTest(call.getValue(),
                () -> assertThatThrownBy(call.getKey()).isInstanceOf(NullPointerException.class)
                        .hasMessage(call.getValue())));
    }

    /** Names that are there twice used to be refused by java.util.Set. */
    @Test
    void namesGivenTwice() {
        MultiLayerConfiguration noPooling =
                new NeuralNetConfiguration.Builder().list().layer(new ActivationLayer()).build();
        assertThatThrownBy(() -> SWAP.named("a", "a").apply(noPooling))
                .isInstanceOf(IllegalArgumentException.class).hasMessageNotContaining("duplicate");
    }

    @Test
    void networksWithoutParameters() {
        MultiLayerNetwork network = new MultiLayerNetwork(
                new NeuralNetConfiguration.Builder().list().layer(new ActivationLayer()).build());
        DataSetIterator data = new ListDataSetIterator<>(List.of(new DataSet(Nd4j.ones(1, 2), Nd4j.ones(1, 2))));
        assertThatThrownBy(() -> BatchNormStatistics.recalibrate(network, data))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not initialized");
        assertThatThrownBy(() -> QUANTIZED.apply(network, data))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("not initialized");
    }
}
