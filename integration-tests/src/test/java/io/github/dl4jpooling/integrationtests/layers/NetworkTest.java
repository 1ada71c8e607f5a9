// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.Comparison;
import io.github.dl4jpooling.integrationtests.family.ForEachLayer;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.NDPooling;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.dataset.DataSet;

/** Layers in networks of both kinds: sequences, images and volumes, every order of axes, type and workspace mode. */
@ForEachLayer
class NetworkTest {

    private static final int STEPS = 10;

    private final PoolingOperator operator;

    NetworkTest(PoolingOperator operator) {
        this.operator = operator;
    }

    private interface Check {
        void run(Networks networks);
    }

    private Stream<DynamicTest> everyNetwork(Check check) {
        return Networks.dimensions(operator).flatMap(dimensions -> Stream.of(false, true)
                .flatMap(channelsLast -> Networks.types(operator)
                        .map(type -> DynamicTest.dynamicTest(
                                dimensions + "-D" + (channelsLast ? " channels last " : " ") + type,
                                () -> check.run(new Networks(operator, dimensions, channelsLast).type(type))))));
    }

    @TestFactory
    Stream<DynamicTest> layerAppliesTheOperator() {
        return everyNetwork(networks -> {
            MultiLayerNetwork network = networks.network(networks.pooling().build());
            INDArray input = networks.input();
            INDArray[] activations = network.feedForward(input).toArray(new INDArray[0]);
            WindowPoolingLayer layer =
                    (WindowPoolingLayer) network.getLayer(1).conf().getLayer();
            Map<String, INDArray> parameters = network.getLayer(1).paramTable();
            WindowOp op = (WindowOp) layer.op(false);
            INDArray[] inputs = op.inputNames().stream()
                    .map(name -> name.equals("input") ? activations[1] : layer.input(name, parameters, false))
                    .toArray(INDArray[]::new);
            INDArray expected = new NDPooling().pool(op, inputs);
            Comparison.assertSameBits("activation", activations[2], expected);

            ComputationGraph graph = networks.graphNetwork(networks.pooling().build());
            graph.setParams(network.params());
            Map<String, INDArray> vertices = graph.feedForward(input, false);
            Comparison.assertSameBits("activation", vertices.get(Networks.POOLING), activations[2]);
        });
    }

    @TestFactory
    Stream<DynamicTest> networksLearn() {
        return everyNetwork(networks -> {
            MultiLayerNetwork network = networks.network(networks.pooling().build());
            DataSet data = data(networks, network);
            double before = network.score(data);
            Nd4j.getRandom().setSeed(1);
            for (int step = 0; step < STEPS; step++) {
                network.fit(data);
            }
            assertThat(network.score(data)).isLessThan(0.95 * before);

            ComputationGraph graph = networks.graphNetwork(networks.pooling().build());
            graph.setParams(networks.network(networks.pooling().build()).params());
            Nd4j.getRandom().setSeed(1);
            for (int step = 0; step < STEPS; step++) {
                graph.fit(data);
            }
            Comparison.assertSameBits("parameters", graph.params(), network.params());
        });
    }

    @TestFactory
    Stream<DynamicTest> workspacesChangeNothing() {
        return everyNetwork(networks -> {
            MultiLayerNetwork with = networks.workspaces(WorkspaceMode.ENABLED).network(networks.pooling().build());
            MultiLayerNetwork without = networks.workspaces(WorkspaceMode.NONE).network(networks.pooling().build());
            DataSet data = data(networks, with);
            for (int step = 0; step < 3; step++) {
                Nd4j.getRandom().setSeed(step + 1);
                with.fit(data);
                Nd4j.getRandom().setSeed(step + 1);
                without.fit(data);
            }
            Comparison.assertSameBits("parameters", with.params(), without.params());
            Comparison.assertSameBits("output", with.output(data.getFeatures()), without.output(data.getFeatures()));
        });
    }

    private static DataSet data(Networks networks, MultiLayerNetwork network) {
        INDArray input = networks.input();
        return new DataSet(input, networks.labels(network.output(input)));
    }
}
