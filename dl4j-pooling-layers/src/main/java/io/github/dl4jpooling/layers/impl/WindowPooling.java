// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowOp;
import java.util.Arrays;
import java.util.Collections;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Broadcast;

/** Runs every layer that a {@link WindowPoolingLayer} configures. */
public class WindowPooling extends AbstractLayer<WindowPoolingLayer> {

    /**
     * Made by {@link WindowPoolingLayer#instantiate}.
     *
     * @param conf configuration that holds the layer's
     * @param dataType the network's type
     */
    public WindowPooling(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public Type type() {
        return Type.SUBSAMPLING;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // There are no weights.
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceManager) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaceManager);
        WindowOp op = layerConf().op();
        INDArray x = input.castTo(dataType);
        long[] shape;
        try {
            shape = op.outputShapes(Collections.singletonList(x)).get(0).getShape();
        } catch (IllegalArgumentException e) {
            throw new DL4JInvalidInputException(e.getMessage() + " " + layerId(), e);
        }
        INDArray y = workspaceManager.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        op.execute(Collections.singletonList(x), Collections.singletonList(y));
        if (isSequenceMasked()) {
            applyMask(y, y);
        }
        return y;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceManager) {
        assertInputSet(true);
        INDArray yGradient = epsilon.castTo(dataType);
        if (isSequenceMasked()) {
            yGradient = workspaceManager.dup(ArrayType.BP_WORKING_MEM, yGradient);
            applyMask(yGradient, yGradient);
        }
        INDArray x = input.castTo(dataType);
        INDArray xGradient =
                workspaceManager.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, x.shape(), 'c');
        layerConf().op().gradient().execute(Arrays.asList(x, yGradient), Collections.singletonList(xGradient));
        return new Pair<>(new DefaultGradient(), backpropDropOutIfPresent(xGradient));
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int batchSize) {
        setMaskArray(mask);
        maskState = state;
        if (mask == null) {
            return new Pair<>(null, state);
        }
        try {
            return new Pair<>(MaskReduction.reduce(mask, layerConf().window()), state);
        } catch (IllegalArgumentException e) {
            throw new DL4JInvalidInputException(e.getMessage() + " " + layerId(), e);
        }
    }

    private boolean isSequenceMasked() {
        return maskArray != null && layerConf().window().dimensions() == 1;
    }

    private void applyMask(INDArray array, INDArray result) {
        PoolingWindow window = layerConf().window();
        INDArray mask = MaskReduction.reduce(maskArray, window).castTo(array.dataType());
        Broadcast.mul(array, mask, result, 0, window.channelsLast() ? 1 : 2);
    }
}
