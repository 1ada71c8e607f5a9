// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.nd4j.shade.jackson.core.JsonProcessingException;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The configuration of a ComputationGraph. */
final class EditedGraph extends EditedNetwork {
    private final ComputationGraphConfiguration configuration;
    private final InputType[] inputTypes;
    private final List<String> names = new ArrayList<>();
    private final List<NeuralNetConfiguration> layers = new ArrayList<>();
    private Map<String, InputType> outputTypes;

    EditedGraph(ComputationGraphConfiguration original, InputType... inputTypes) {
        configuration = original.clone();
        // clone() leaves these out. A stored order decides over the order of the parameters.
        configuration.setIterationCount(original.getIterationCount());
        configuration.setEpochCount(original.getEpochCount());
        if (original.getTopologicalOrder() != null && original.getTopologicalOrderStr() != null) {
            configuration.setTopologicalOrder(original.getTopologicalOrder().clone());
            configuration.setTopologicalOrderStr(new ArrayList<>(original.getTopologicalOrderStr()));
        }
        List<String> inputs = original.getNetworkInputs();
        if (inputTypes.length != 0 && inputTypes.length != inputs.size()) {
            throw new IllegalArgumentException(
                    "the network has the inputs " + inputs + ", got " + inputTypes.length + " input types");
        }
        this.inputTypes = inputTypes;
        for (Map.Entry<String, GraphVertex> vertex : configuration.getVertices().entrySet()) {
            if (vertex.getValue() instanceof LayerVertex) {
                names.add(vertex.getKey());
                layers.add(((LayerVertex) vertex.getValue()).getLayerConf());
            } else {
                vertex.setValue(copy(original.getVertices().get(vertex.getKey())));
            }
        }
    }

    /** By way of JSON: the clone of a MergeVertex, for one, forgets its axis, which is not the first with NHWC. */
    private static GraphVertex copy(GraphVertex vertex) {
        ObjectMapper mapper = NeuralNetConfiguration.mapper();
        try {
            return mapper.readValue(mapper.writeValueAsString(vertex), GraphVertex.class);
        } catch (JsonProcessingException cannotBeStored) {
            return vertex.clone();
        }
    }

    ComputationGraphConfiguration configuration() {
        return configuration;
    }

    /** Puts another vertex, which is no layer, in the place of one. */
    void replaceVertex(String name, GraphVertex vertex) {
        configuration.getVertices().put(name, vertex);
    }

    @Override
    List<String> names() {
        return names;
    }

    @Override
    List<NeuralNetConfiguration> layers() {
        return layers;
    }

    @Override
    InputType inputType(int layer, PoolingWindow window) {
        String name = names.get(layer);
        if (inputTypes.length == 0) {
            return Channels.typeOf(Channels.into(configuration, name), window);
        }
        if (outputTypes == null) {
            // It writes into configurations, and asks for preprocessors of layers that have none yet.
            outputTypes = configuration.clone().getLayerActivationTypes(true, inputTypes);
        }
        String before = configuration.getVertexInputs().get(name).get(0);
        int input = configuration.getNetworkInputs().indexOf(before);
        InputType type = input < 0 ? outputTypes.get(before) : inputTypes[input];
        InputPreProcessor preProcessor = ((LayerVertex) configuration.getVertices().get(name)).getPreProcessor();
        return preProcessor == null ? type : preProcessor.getOutputType(type);
    }

    @Override
    boolean hasInputTypes() {
        return inputTypes.length != 0;
    }

    @Override
    void insertBehind(int layer, Layer inserted) {
        String name = names.get(layer);
        String insertedName = insertedName(name);
        if (configuration.getVertices().containsKey(insertedName)) {
            throw new IllegalArgumentException("the network has a vertex \"" + insertedName + "\" already");
        }
        configuration.getVertexInputs().values().forEach(inputs -> inputs.replaceAll(
                input -> input.equals(name) ? insertedName : input));
        configuration.getNetworkOutputs().replaceAll(output -> output.equals(name) ? insertedName : output);
        NeuralNetConfiguration copy = layers.get(layer).clone();
        copy.clearVariables();
        copy.setLayer(inserted);
        configuration.getVertices().put(insertedName, new LayerVertex(copy, null));
        configuration.getVertexInputs().put(insertedName, new ArrayList<>(List.of(name)));
        configuration.setTopologicalOrder(null);
        configuration.setTopologicalOrderStr(null);
    }
}
