// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/** First values of the parameters of attention pooling. */
public final class AttentionParameters {

    private AttentionParameters() {}

    /**
     * Gives a parameter its first values.
     *
     * @param isWeight whether it is a weight; biases are 0
     * @param parameter a view of the network's parameters. Modified.
     * @param initialization of weights
     */
    public static void initialize(boolean isWeight, INDArray parameter, IWeightInit initialization) {
        if (isWeight) {
            initialization.init(parameter.size(1), parameter.size(0), parameter.shape(), 'c', parameter);
        } else {
            parameter.assign(0);
        }
    }
}
