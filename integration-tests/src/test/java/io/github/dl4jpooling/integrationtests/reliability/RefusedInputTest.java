// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.reliability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jpooling.layers.conf.AuxiliaryLoss;
import io.github.dl4jpooling.layers.conf.ChunkPooling;
import io.github.dl4jpooling.layers.conf.GemPooling;
import io.github.dl4jpooling.layers.conf.KMaxPooling;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.MultiScalePooling;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.conf.SpatialPyramidPooling;
import io.github.dl4jpooling.layers.conf.vertex.GraphAssignmentPoolVertex;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.Sharing;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What layers and vertices used to answer with messages of the JVM or of ND4J, or with all of the memory. */
class RefusedInputTest {

    private static final int HUGE = Integer.MAX_VALUE;
    private static final ComputationGraph VERTICES = VertexExamples.network();

    private static MultiLayerNetwork network(Layer layer) {
        MultiLayerNetwork network =
                new MultiLayerNetwork(new NeuralNetConfiguration.Builder().list().layer(layer).build());
        network.init();
        return network;
    }

    @Test
    void text() {
        MultiLayerNetwork network = network(new MaxPooling.Builder(2, 2).build());
        assertThatThrownBy(() -> network.output(Nd4j.create("a", "b"))).isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContainingAll("MaxPooling", "must hold numbers", "UTF8");
    }

    @Test
    void inputTypesOfNegativeSizes() {
        PoolingLayer layer = new MultiScalePooling.Builder().build();
        assertThatThrownBy(() -> layer.getOutputType(0, InputType.convolutional(4, -2, 3)))
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContainingAll("MultiScalePooling", "w=-2");
        assertThatThrownBy(() -> layer.setNIn(InputType.convolutional(4, -2, 3), true))
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContaining("w=-2");
    }

    /** Their product overflows, and ND4J's array was made with it. */
    @Test
    void inputTypesOfHugeSizes() {
        PoolingLayer layer = new MultiScalePooling.Builder().build();
        assertThatThrownBy(() -> layer.getOutputType(0, InputType.convolutional(Long.MAX_VALUE, 1 << 20, HUGE)))
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContaining("sizes are too large");
    }

    /** Of which there are none, for channels that there are none of. */
    @Test
    void parametersOfSizeZero() {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder().list()
                .layer(new GemPooling.Builder(2, 2).sharing(Sharing.CHANNEL).build())
                .setInputType(InputType.convolutional(4, 4, 0));
        assertThatThrownBy(() -> new MultiLayerNetwork(list.build()).init())
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("parameters must not be empty");
    }

    @Test
    void pyramidOfMoreBinsThanTheHeapHolds() {
        PoolingLayer layer = new SpatialPyramidPooling.Builder(HUGE).build();
        assertThatThrownBy(() -> layer.getOutputType(0, InputType.convolutional(4, 4, 2)))
                .isInstanceOf(DL4JInvalidConfigException.class).hasMessageContaining("16777216 cells at most");
    }

    @Test
    void masksOfEmptyBatches() {
        INDArray mask = Nd4j.create(DataType.FLOAT, 0, 1, 6, 1);
        assertThat(new MaxPooling.Builder(2, 2).build().reduceMask(mask).shape()).containsExactly(0, 1, 3, 1);
    }

    @Test
    void inputTypeOfClusters() {
        GraphAssignmentPoolVertex vertex = new GraphAssignmentPoolVertex(Neighbourhood.GRID_4, false);
        assertThatThrownBy(() -> vertex.getOutputType(0, InputType.convolutional(2, 3, 1), InputType.feedForward(5)))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("must be of type RNN, CNN or CNN3D");
    }

    /** Before the output itself is, since DL4J asks for the mask first. */
    @Test
    void masksLargerThanMemory() {
        INDArray mask = Nd4j.ones(DataType.FLOAT, 1000, 2);
        assertThatThrownBy(() -> new KMaxPooling.Builder(HUGE).build().reduceMask(mask))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[1000, 2147483647]");
        assertThatThrownBy(() -> new ChunkPooling.Builder(HUGE).build().reduceMask(mask))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("[1000, 2147483647]");
    }

    @Test
    void emptyBatchWithAuxiliaryLoss() {
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        org.deeplearning4j.nn.api.Layer layer = network(new AuxiliaryLoss(0.5)).getLayer(0);
        INDArray none = Nd4j.create(DataType.FLOAT, 0, 3);
        layer.setInput(none, workspaces);
        assertThat(layer.activate(true, workspaces).shape()).containsExactly(0, 3);
        assertThat(layer.backpropGradient(none, workspaces).getSecond().shape()).containsExactly(0, 3);
    }

    /** ND4J reshaped them as long as the numbers of elements fitted. */
    @ParameterizedTest
    @ValueSource(strings = {"RoiAlignVertex", "GraphEdgePoolVertex", "GraphAssignmentEdgesVertex", "TimeWindowVertex",
        "AdaUnpoolVertex"})
    void gradientsOfAnotherShape(String name) {
        GraphVertex vertex = VERTICES.getVertex(name);
        VERTICES.initGradientsView();
        vertex.setInputs(inputs(name));
        INDArray y = vertex.doForward(true, LayerWorkspaceMgr.noWorkspaces());
        vertex.setEpsilon(Nd4j.ones(y.dataType(), y.size(0) + 1, y.length() / y.size(0)));
        assertThatThrownBy(() -> vertex.doBackward(false, LayerWorkspaceMgr.noWorkspaces()))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContainingAll(name, "shape of the gradient of the output must be");
        vertex.clear();
    }

    @ParameterizedTest
    @ValueSource(strings = {"RoiAlignVertex", "GraphEdgePoolVertex", "AdaUnpoolVertex"})
    void inputsWithoutAxes(String name) {
        GraphVertex vertex = VERTICES.getVertex(name);
        for (int place = 0; place < 2; place++) {
            INDArray[] inputs = inputs(name);
            inputs[place] = Nd4j.scalar(1.0);
            vertex.setInputs(inputs);
            assertThatThrownBy(() -> vertex.doForward(true, LayerWorkspaceMgr.noWorkspaces()))
                    .isInstanceOf(DL4JInvalidInputException.class).hasMessageContaining(name);
        }
        vertex.clear();
    }

    private static INDArray[] inputs(String name) {
        return VERTICES.getConfiguration().getVertexInputs().get(name).stream()
                .map(VERTICES.feedForward(VertexExamples.inputs(), false)::get).toArray(INDArray[]::new);
    }
}
