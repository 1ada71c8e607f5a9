// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

import io.github.dl4jpooling.zoo.swap.PoolingSite;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What goes into a pooling layer and what comes out, for one image. */
final class FeatureMaps {
    private final String layer;
    private final float[][][] before;
    private final float[][][] after;

    FeatureMaps(String layer, float[][][] before, float[][][] after) {
        this.layer = layer;
        this.before = before;
        this.after = after;
    }

    /** @param image one image as a batch */
    static List<FeatureMaps> of(MultiLayerNetwork network, List<PoolingSite> layers, INDArray image) {
        // Position 0 is the image, the output of layer i is at i + 1.
        List<INDArray> activations = network.feedForward(image, false);
        List<FeatureMaps> maps = new ArrayList<>();
        for (PoolingSite layer : layers) {
            maps.add(new FeatureMaps(layer.name(), channels(activations.get(layer.index())),
                    channels(activations.get(layer.index() + 1))));
        }
        return maps;
    }

    private static float[][][] channels(INDArray activation) {
        float[][][] channels = new float[(int) activation.size(1)][][];
        for (int c = 0; c < channels.length; c++) {
            channels[c] = activation.slice(0).slice(c).toFloatMatrix();
        }
        return channels;
    }

    String layer() {
        return layer;
    }

    /** [channel][row][column] */
    float[][][] before() {
        return before;
    }

    /** [channel][row][column] */
    float[][][] after() {
        return after;
    }
}
