// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.layers.conf.AttentionPoolingLayer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs every layer that an {@link AttentionPoolingLayer} configures: a mask is an input of its op. */
public class GlobalAttention extends Pooling {

    /**
     * Made by {@link AttentionPoolingLayer#instantiate}.
     *
     * @param conf configuration that holds the layer's
     * @param dataType the network's type
     */
    public GlobalAttention(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    protected INDArray mask() {
        return AttentionMasks.positions(maskArray, input.shape(), layerConf().isChannelsLast(), dataType);
    }

    @Override
    protected boolean isOutputMasked() {
        return false;
    }

    /** Behind this layer there are no positions to mask. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int batchSize) {
        setMaskArray(mask);
        maskState = state;
        return new Pair<>(null, state);
    }
}
