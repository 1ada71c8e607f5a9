// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.layers.conf.MaxUnpoolingVertex;
import io.github.dl4jpooling.layers.impl.vertex.PoolingGraphVertex;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.MaxUnpool;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link MaxUnpoolingVertex}. */
public class MaxUnpooling extends PoolingGraphVertex {

    private final PoolingWindow window;
    private INDArray index; // of the last forward pass
    private MaxUnpool op;

    /**
     * Made by {@link MaxUnpoolingVertex#instantiate}.
     *
     * @param graph the network
     * @param name name of the vertex
     * @param vertexIndex its number
     * @param window window of the pooling that is undone
     * @param dataType the network's type
     */
    public MaxUnpooling(ComputationGraph graph, String name, int vertexIndex, PoolingWindow window, DataType dataType) {
        super(graph, name, vertexIndex, dataType);
        this.window = window;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaceManager) {
        if (!canDoForward()) {
            throw new IllegalStateException("Vertex " + vertexName + ": inputs are not set");
        }
        INDArray values = inputs[0].castTo(dataType);
        INDArray map = inputs[1].castTo(dataType);
        try {
            MaxPool pool = new MaxPool(window);
            long[] pooled = pool.geometry(map.shape()).outputShape();
            INDArray largest = workspaceManager.createUninitialized(ArrayType.FF_WORKING_MEM, dataType, pooled, 'c');
            index = workspaceManager.createUninitialized(ArrayType.ACTIVATIONS, DataType.INT64, pooled, 'c');
            pool.execute(Collections.singletonList(map), Arrays.asList(largest, index));
            int first = window.channelsLast() ? 1 : 2;
            op = new MaxUnpool(window.channelsLast(), (int) map.size(first), (int) map.size(first + 1));
            List<INDArray> arguments = Arrays.asList(values, index);
            INDArray output = workspaceManager.createUninitialized(
                    ArrayType.ACTIVATIONS, dataType, op.outputShapes(arguments).get(0).getShape(), 'c');
            op.execute(arguments, Collections.singletonList(output));
            return output;
        } catch (IllegalArgumentException e) {
            throw new DL4JInvalidInputException("Vertex " + vertexName + ", inputs " + Arrays.toString(values.shape())
                    + " and " + Arrays.toString(map.shape()) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaceManager) {
        INDArray values = inputs[0].castTo(dataType);
        INDArray ofValues =
                workspaceManager.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, values.shape(), 'c');
        op.gradient().execute(
                Arrays.asList(values, index, epsilon.castTo(dataType)), Collections.singletonList(ofValues));
        // Where an element stands is not differentiable; DL4J wants an array all the same.
        INDArray ofMap = workspaceManager.create(ArrayType.ACTIVATION_GRAD, dataType, inputs[1].shape(), 'c');
        return new Pair<>(null, new INDArray[] {ofValues, ofMap});
    }

    @Override
    public void clear() {
        super.clear();
        index = null;
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int batchSize) {
        return new Pair<>(masks == null ? null : masks[1], state);
    }

    @Override
    public String toString() {
        return "MaxUnpooling(" + window + ")";
    }
}
