// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl.vertex;

import io.github.dl4jpooling.layers.conf.vertex.UnpoolVertex;
import io.github.dl4jpooling.layers.impl.Numbers;
import java.util.Arrays;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * What runs an {@link UnpoolVertex}.
 *
 * @param <V> its configuration
 */
abstract class Unpooling<V extends UnpoolVertex> extends PoolingGraphVertex<V> {

    Unpooling(ComputationGraph graph, String name, int index, V configuration, DataType dataType) {
        super(graph, name, index, configuration, dataType);
    }

    /** The result, an activation of the workspaces. */
    abstract INDArray forward(INDArray values, INDArray map, LayerWorkspaceMgr workspaceManager);

    /** The gradients of values and map. */
    abstract INDArray[] backward(
            INDArray values, INDArray map, INDArray outputGradient, LayerWorkspaceMgr workspaceManager);

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoForward(), "forward");
        INDArray values = Numbers.cast(inputs[0], dataType);
        INDArray map = Numbers.cast(inputs[1], dataType);
        if (values.rank() != 4 || map.rank() != 4) {
            throw error("inputs must have 4 axes, got shapes " + Arrays.toString(values.shape()) + " and "
                    + Arrays.toString(map.shape()), null);
        }
        try {
            return forward(values, map, workspaceManager);
        } catch (IllegalArgumentException e) {
            throw error("inputs " + Arrays.toString(values.shape()) + " and " + Arrays.toString(map.shape()) + ": "
                    + e.getMessage(), e);
        }
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoBackward(), "backward");
        INDArray[] gradients = backward(
                Numbers.cast(inputs[0], dataType), Numbers.cast(inputs[1], dataType), epsilon(inputs[1].shape()),
                workspaceManager);
        return new Pair<>(gradient(), gradients);
    }

    /** The result has the size of the map. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int batchSize) {
        return new Pair<>(masks == null ? null : masks[1], state);
    }
}
