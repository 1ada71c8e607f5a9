// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.benchmark;

import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.zoo.swap.Pooling;
import java.util.Collections;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A pooling layer with an input and an upstream gradient, run inside a workspace that is reused, as in training: what
 * is timed is the layer, not the allocation of its output.
 */
@SuppressWarnings("try") // workspaces are opened and closed, not read
final class LayerUnderTest {

    private static final long WORKSPACE_BYTES = 512L << 20;
    private static final WorkspaceConfiguration WORKSPACE = WorkspaceConfiguration.builder()
            .initialSize(WORKSPACE_BYTES)
            .policyLearning(LearningPolicy.NONE)
            .build();
    private static final String WORKSPACE_NAME = "benchmark";

    private final Layer layer;
    private final INDArray input;
    private final INDArray outputGradient;
    private final LayerWorkspaceMgr manager;

    /**
     * Sets a layer up.
     *
     * @param pooling name of the pooling, see {@link Pooling#names()}
     * @param window window size
     * @param stride distance between windows
     * @param padding before and behind every axis
     * @param shape shape of the input, [batch, channels, height, width]
     */
    LayerUnderTest(String pooling, int window, int stride, int padding, long... shape) {
        NeuralNetConfiguration conf = new NeuralNetConfiguration.Builder()
                .seed(1)
                .layer(Pooling.named(pooling)
                        .layer(PoolingWindow.builder(window, window).stride(stride, stride).padding(padding, padding)
                                .build(), pooling))
                .build();
        layer = conf.getLayer().instantiate(conf, Collections.emptyList(), 0, null, false, DataType.FLOAT);
        Nd4j.getRandom().setSeed(1);
        BenchmarkThreads.use();
        input = Nd4j.randn(DataType.FLOAT, shape);
        manager = LayerWorkspaceMgr.builder()
                .defaultWorkspace(WORKSPACE_NAME, WORKSPACE)
                .build();
        layer.setInput(input, LayerWorkspaceMgr.noWorkspaces());
        long[] outputShape = layer.activate(true, LayerWorkspaceMgr.noWorkspaces()).shape();
        outputGradient = Nd4j.randn(DataType.FLOAT, outputShape);
    }

    double forward() {
        try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, WORKSPACE_NAME)) {
            return layer.activate(true, manager).length();
        }
    }

    double backward() {
        try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().getAndActivateWorkspace(WORKSPACE, WORKSPACE_NAME)) {
            return layer.backpropGradient(outputGradient, manager).getSecond().length();
        }
    }

    double forwardAndBackward() {
        return forward() + backward();
    }
}
