// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.impl.vertex.Attachment;
import java.util.List;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * Ties a side branch to a path: the output is the first input, the second gets a gradient of 0. For branches that end
 * in an {@link io.github.dl4jpooling.layers.conf.AuxiliaryLoss}, which would not be trained alone.
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class AttachVertex extends PoolingVertex {

    @Override
    protected List<String> inputNames() {
        return List.of("path", "branch");
    }

    @Override
    protected Attachment instantiate(ComputationGraph graph, String name, int index, DataType networkType) {
        return new Attachment(graph, name, index, this, networkType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) throws InvalidInputTypeException {
        checkCount(inputs);
        return inputs[0];
    }
}
