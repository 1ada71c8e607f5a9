// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.conf.QuantizedPooling;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link QuantizedPooling}. */
public class QuantizedPass extends Pooling {

    /**
     * Made by {@link QuantizedPooling#instantiate}.
     *
     * @param conf configuration that holds the layer's
     * @param dataType the network's type
     */
    public QuantizedPass(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceManager) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaceManager);
        QuantizedPooling layer = (QuantizedPooling) layerConf();
        PoolingOp pool = op(training);
        List<INDArray> inputs = new ArrayList<>(List.of(Numbers.cast(input, dataType)));
        if (pool.inputNames().contains(PoolingLayer.MASK)) {
            inputs.add(maskArray.neq(0).castTo(layer.getInput().type()));
        }
        try {
            return layer.shaped(new EightBitPass(
                    layer.getInput(), layer.getOutput(), layer.isChannelsLast(), workspaceManager)
                            .apply(pool, inputs));
        } catch (IllegalArgumentException e) {
            throw layer.inputError(e.getMessage() + " " + layerId(), e);
        }
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceManager) {
        throw EightBitPass.noGradient("QuantizedPooling " + layerId());
    }
}
