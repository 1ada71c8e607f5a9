// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;

/** The configuration of a MultiLayerNetwork. */
final class EditedLayers extends EditedNetwork {
    private final MultiLayerConfiguration configuration;
    private final InputType inputType;
    private final List<String> names = new ArrayList<>();

    /** Where each layer was before the swap; -1 for new ones. */
    private final List<Integer> origins = new ArrayList<>();

    private List<InputType> outputTypes;

    EditedLayers(MultiLayerConfiguration configuration, InputType... inputTypes) {
        this.configuration = configuration.clone();
        if (inputTypes.length > 1) {
            throw new IllegalArgumentException("a MultiLayerNetwork has one input type, got " + inputTypes.length);
        }
        inputType = inputTypes.length == 0 ? null : inputTypes[0];
        for (int i = 0; i < layers().size(); i++) {
            String name = layers().get(i).getLayer().getLayerName();
            names.add(name == null ? "layer" + i : name);
            origins.add(i);
        }
    }

    MultiLayerConfiguration configuration() {
        return configuration;
    }

    List<Integer> origins() {
        return origins;
    }

    @Override
    List<String> names() {
        return names;
    }

    @Override
    List<NeuralNetConfiguration> layers() {
        return configuration.getConfs();
    }

    @Override
    InputType inputType(int layer, PoolingWindow window) {
        InputPreProcessor preProcessor = configuration.getInputPreProcess(layer);
        if (inputType == null) {
            return Channels.typeOf(Channels.into(configuration, layer), window);
        }
        if (outputTypes == null) {
            outputTypes = configuration.clone().getLayerActivationTypes(inputType); // it writes into configurations
        }
        InputType type = layer == 0 ? inputType : outputTypes.get(layer - 1);
        return preProcessor == null ? type : preProcessor.getOutputType(type);
    }

    @Override
    boolean hasInputTypes() {
        return inputType != null;
    }

    @Override
    void insertBehind(int layer, Layer inserted) {
        NeuralNetConfiguration copy = layers().get(layer).clone();
        copy.clearVariables();
        copy.setLayer(inserted);
        layers().add(layer + 1, copy);
        origins.add(layer + 1, -1);
        Map<Integer, InputPreProcessor> moved = new HashMap<>();
        configuration.getInputPreProcessors().forEach((i, p) -> moved.put(i > layer ? i + 1 : i, p));
        configuration.setInputPreProcessors(moved);
    }
}
