// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.model;

import io.github.dl4jpooling.zoo.swap.Pooling;

/**
 * Residual blocks. The last normalization of a branch starts with gain 0, so that a block is the identity at first.
 */
final class ResidualBlocks {
    /** Channels of a bottleneck's result for one inside. */
    static final int EXPANSION = 4;

    private final GraphLayers layers;

    /** Channels of the last result. */
    private int channels;

    ResidualBlocks(GraphLayers layers, int channels) {
        this.layers = layers;
        this.channels = channels;
    }

    /** Two 3x3 convolutions. */
    String basic(String name, String input, int inside, int stride) {
        String branch = layers.unit(name + "-conv1", input, inside, 3, stride);
        branch = layers.normalized(name + "-conv2", branch, inside, 3, 1, 0);
        return sum(name, branch, shortcut(name, input, inside, stride));
    }

    /** 1x1, 3x3 with the stride, 1x1. */
    String bottleneck(String name, String input, int inside, int stride) {
        String branch = layers.unit(name + "-conv1", input, inside, 1, 1);
        branch = layers.unit(name + "-conv2", branch, inside, 3, stride);
        branch = layers.normalized(name + "-conv3", branch, inside * EXPANSION, 1, 1, 0);
        return sum(name, branch, shortcut(name, input, inside * EXPANSION, stride));
    }

    /** A bottleneck that halves its input by pooling: in place of its 3x3 convolution, and before its shortcut. */
    String pooledBottleneck(String name, String input, int inside, Pooling pooling) {
        String branch = layers.unit(name + "-conv1", input, inside, 1, 1);
        branch = layers.pool(name + "-pool", branch, pooling, GraphLayers.overlapping());
        branch = layers.unit(name + "-conv2", branch, inside, 1, 1);
        branch = layers.normalized(name + "-conv3", branch, inside * EXPANSION, 1, 1, 0);
        String shortcut = layers.pool(name + "-shortcut-pool", input, pooling, GraphLayers.overlapping());
        return sum(name, branch, shortcut(name, shortcut, inside * EXPANSION, 1));
    }

    private String shortcut(String name, String input, int nOut, int stride) {
        boolean fits = stride == 1 && channels == nOut;
        channels = nOut;
        return fits ? input : layers.normalized(name + "-shortcut", input, nOut, 1, stride);
    }

    private String sum(String name, String branch, String shortcut) {
        return layers.relu(name + "-relu", layers.add(name, branch, shortcut));
    }
}
