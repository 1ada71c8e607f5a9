// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl.vertex;

import io.github.dl4jpooling.layers.conf.vertex.QuantizedRoiAlignVertex;
import io.github.dl4jpooling.layers.impl.EightBitPass;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link QuantizedRoiAlignVertex}. */
public class QuantizedRegionPooling extends RegionPooling {

    /**
     * Made by {@link QuantizedRoiAlignVertex#instantiate}.
     *
     * @param graph the network
     * @param name name of the vertex
     * @param index number of the vertex
     * @param configuration its configuration
     * @param dataType the network's type
     */
    public QuantizedRegionPooling(
            ComputationGraph graph, String name, int index, QuantizedRoiAlignVertex configuration, DataType dataType) {
        super(graph, name, index, configuration, dataType);
    }

    @Override
    protected INDArray pool(RegionOp op, Supplier<List<INDArray>> arguments, LayerWorkspaceMgr workspaceManager) {
        QuantizedRoiAlignVertex vertex = (QuantizedRoiAlignVertex) configuration();
        try {
            return new EightBitPass(vertex.getInput(), vertex.getOutput(), vertex.isChannelsLast(), workspaceManager)
                    .apply(op, arguments.get());
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage(), e);
        }
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaceManager) {
        throw EightBitPass.noGradient("QuantizedRoiAlignVertex (vertex name \"" + getVertexName() + "\")");
    }
}
