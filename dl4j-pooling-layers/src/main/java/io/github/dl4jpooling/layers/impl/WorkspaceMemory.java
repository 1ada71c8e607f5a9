// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.nd4j.NewArrays;
import io.github.dl4jpooling.ops.ExecutableOp;
import java.util.function.Function;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;

/** Arrays of a layer's or vertex's workspaces for the outputs of ops. */
public final class WorkspaceMemory {

    private WorkspaceMemory() {}

    /**
     * Memory for {@link ExecutableOp#apply}.
     *
     * @param manager the layer's workspaces
     * @param type what the arrays are to the network
     * @return makes arrays, whose elements are not set
     */
    @SuppressWarnings("try") // closing is all that the resource is for
    public static Function<LongShapeDescriptor, INDArray> of(LayerWorkspaceMgr manager, ArrayType type) {
        return array -> {
            try (MemoryWorkspace workspace = manager.notifyScopeBorrowed(type)) {
                return NewArrays.create(array);
            }
        };
    }
}
