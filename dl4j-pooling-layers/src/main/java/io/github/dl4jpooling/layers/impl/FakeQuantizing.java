// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import io.github.dl4jpooling.layers.conf.FakeQuantizeLayer;
import io.github.dl4jpooling.layers.quantization.RangeObserver;
import io.github.dl4jpooling.ops.FakeQuantize;
import io.github.dl4jpooling.ops.PoolingOp;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a {@link FakeQuantizeLayer}. */
public class FakeQuantizing extends Pooling {

    /**
     * Made by {@link FakeQuantizeLayer#instantiate}.
     *
     * @param conf configuration that holds the layer's
     * @param dataType the network's type
     */
    public FakeQuantizing(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    private FakeQuantizeLayer configuration() {
        return (FakeQuantizeLayer) layerConf();
    }

    private INDArray range() {
        return getParam(FakeQuantizeLayer.RANGE);
    }

    @Override
    @SuppressWarnings("try") // closing is all that the resource is for
    protected PoolingOp op(boolean training) {
        FakeQuantizeLayer layer = configuration();
        if (training && layer.isLearning(range())) {
            try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                layer.observer().observe(range(), input, layer.isChannelsLast() ? input.rank() - 1 : 1);
            }
        }
        return new FakeQuantize(layer.quantization(range()), layer.isChannelsLast());
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaceManager) {
        if (training || RangeObserver.hasSeen(range())) {
            return super.activate(training, workspaceManager);
        }
        assertInputSet(false);
        return workspaceManager.dup(ArrayType.ACTIVATIONS, Numbers.cast(input, dataType));
    }
}
