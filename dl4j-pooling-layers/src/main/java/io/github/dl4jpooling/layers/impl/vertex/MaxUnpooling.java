// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl.vertex;

import io.github.dl4jpooling.layers.conf.vertex.MaxUnpoolVertex;
import io.github.dl4jpooling.layers.impl.WorkspaceMemory;
import io.github.dl4jpooling.ops.MaxPool;
import io.github.dl4jpooling.ops.MaxUnpool;
import java.util.Arrays;
import java.util.Collections;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link MaxUnpoolVertex}. */
public class MaxUnpooling extends Unpooling<MaxUnpoolVertex> {

    private INDArray index; // of the last forward pass
    private MaxUnpool op;

    /**
     * Made by {@link MaxUnpoolVertex#instantiate}.
     *
     * @param graph the network
     * @param name name of the vertex
     * @param vertexIndex its number
     * @param configuration its configuration
     * @param dataType the network's type
     */
    public MaxUnpooling(
            ComputationGraph graph, String name, int vertexIndex, MaxUnpoolVertex configuration, DataType dataType) {
        super(graph, name, vertexIndex, configuration, dataType);
    }

    @Override
    INDArray forward(INDArray values, INDArray map, LayerWorkspaceMgr workspaceManager) {
        MaxPool pool = new MaxPool(configuration().window());
        long[] pooled = pool.geometry(map.shape()).outputShape();
        INDArray largest = workspaceManager.createUninitialized(ArrayType.FF_WORKING_MEM, dataType, pooled, 'c');
        index = workspaceManager.createUninitialized(ArrayType.ACTIVATIONS, DataType.INT64, pooled, 'c');
        pool.execute(Collections.singletonList(map), Arrays.asList(largest, index));
        boolean channelsLast = configuration().isChannelsLast();
        int first = channelsLast ? 1 : 2;
        op = new MaxUnpool(channelsLast, (int) map.size(first), (int) map.size(first + 1));
        return op.apply(
                Arrays.asList(values, index), WorkspaceMemory.of(workspaceManager, ArrayType.ACTIVATIONS)).get(0);
    }

    @Override
    INDArray[] backward(INDArray values, INDArray map, INDArray outputGradient, LayerWorkspaceMgr workspaceManager) {
        INDArray ofValues =
                workspaceManager.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, values.shape(), 'c');
        op.gradient().execute(Arrays.asList(values, index, outputGradient), Collections.singletonList(ofValues));
        // Where an element stands is not differentiable; DL4J wants an array all the same.
        return new INDArray[] {
            ofValues, workspaceManager.create(ArrayType.ACTIVATION_GRAD, dataType, map.shape(), 'c')};
    }

    @Override
    public void clear() {
        super.clear();
        index = null;
    }
}
