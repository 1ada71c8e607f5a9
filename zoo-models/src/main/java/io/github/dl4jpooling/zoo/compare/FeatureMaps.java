// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.compare;

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

    /** Of activations [1, channels, height, width]. */
    static FeatureMaps of(String layer, INDArray before, INDArray after) {
        return new FeatureMaps(layer, channels(before), channels(after));
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
