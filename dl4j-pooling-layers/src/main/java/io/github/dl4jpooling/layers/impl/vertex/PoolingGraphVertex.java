// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl.vertex;

import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A vertex without parameters that is no layer. */
@SuppressWarnings("overrides") // of setInputs
public abstract class PoolingGraphVertex extends BaseGraphVertex {

    /**
     * Starts a vertex.
     *
     * @param graph the network
     * @param name name of the vertex
     * @param index number of the vertex
     * @param dataType the network's type
     */
    protected PoolingGraphVertex(ComputationGraph graph, String name, int index, DataType dataType) {
        super(graph, name, index, null, null, dataType);
    }

    /** With the dots of DL4J's interface, which DL4J's base class drops. */
    @Override
    public void setInputs(INDArray... inputs) {
        super.setInputs(inputs);
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray backpropGradientsViewArray) {
        if (backpropGradientsViewArray != null) {
            throw new IllegalStateException("Vertex \"" + getVertexName() + "\" has no parameters");
        }
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public Layer getLayer() {
        return null;
    }
}
