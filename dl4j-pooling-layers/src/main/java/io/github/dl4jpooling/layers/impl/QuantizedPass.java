// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.layers.conf.QuantizedPooling;
import io.github.dl4jpooling.ops.Dequantize;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.Quantize;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

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
        boolean channelsLast = layer.isChannelsLast();
        try {
            INDArray quantized = run(new Quantize(layer.getInput(), channelsLast), input.castTo(dataType),
                    ArrayType.FF_WORKING_MEM, workspaceManager);
            INDArray pooled = run(layer.op(training), quantized, ArrayType.FF_WORKING_MEM, workspaceManager);
            INDArray result = run(new Dequantize(layer.getOutput(), channelsLast, dataType), pooled,
                    ArrayType.ACTIVATIONS, workspaceManager);
            return layer.shaped(result);
        } catch (IllegalArgumentException e) {
            throw layer.inputError(e.getMessage() + " " + layerId(), e);
        }
    }

    private static INDArray run(PoolingOp op, INDArray x, ArrayType memory, LayerWorkspaceMgr workspaceManager) {
        LongShapeDescriptor shape = op.outputShapes(List.of(x)).get(0);
        INDArray result = workspaceManager.createUninitialized(memory, shape.dataType(), shape.getShape(), 'c');
        op.execute(List.of(x), List.of(result));
        return result;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceManager) {
        throw new UnsupportedOperationException("QuantizedPooling " + layerId()
                + ": there is no gradient through 8-bit numbers; train the float layer behind a FakeQuantizeLayer");
    }
}
