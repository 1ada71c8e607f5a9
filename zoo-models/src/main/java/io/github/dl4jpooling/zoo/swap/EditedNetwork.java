// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;

/** The copy of a network's configuration that a swap works on: a list of layers or a graph. */
abstract class EditedNetwork {

    /** Names of the layers, in their order. */
    abstract List<String> names();

    /** Configurations of the layers, in the same order; to be modified. */
    abstract List<NeuralNetConfiguration> layers();

    /**
     * What a layer gets, behind its preprocessor: as it follows from the network's input types or, without these, its
     * channels as they follow from the layers before it, with sizes of 0.
     */
    abstract InputType inputType(int layer, PoolingWindow window);

    /** Whether input types were given, so that sizes are known. */
    abstract boolean hasInputTypes();

    /** Puts a layer behind another one. Called from the last layer to the first, after all other changes. */
    abstract void insertBehind(int layer, Layer inserted);

    /** Name of a layer put behind another. */
    static String insertedName(String name) {
        return name + "-pool";
    }
}
