// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.layers.conf.AuxiliaryLoss;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs an {@link AuxiliaryLoss}. */
public class AuxiliaryLossLayer extends AbstractLayer<AuxiliaryLoss> {

    private double score;

    /**
     * Made by {@link AuxiliaryLoss#instantiate}.
     *
     * @param conf the layer's configuration
     * @param dataType the network's type
     */
    public AuxiliaryLossLayer(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(false);
        double sum = input.isEmpty() ? 0 : input.castTo(DataType.DOUBLE).sumNumber().doubleValue();
        // As DL4J does with the loss of an output layer.
        double divisor = conf.isMiniBatch() ? Math.max(1, input.size(0)) : 1;
        score = layerConf().getWeight() * sum / divisor;
        return workspaceMgr.dup(ArrayType.ACTIVATIONS, input);
    }

    /** The updater divides by the number of examples. */
    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaceMgr) {
        assertInputSet(true);
        INDArray gradient = workspaceMgr.dup(ArrayType.ACTIVATION_GRAD, epsilon);
        return new Pair<>(
                new DefaultGradient(), gradient.isEmpty() ? gradient : gradient.addi(layerConf().getWeight()));
    }

    @Override
    public double calcRegularizationScore(boolean backpropOnlyParams) {
        return score;
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // There are none.
    }
}
