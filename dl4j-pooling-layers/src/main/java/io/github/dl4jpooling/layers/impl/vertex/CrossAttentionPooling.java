// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl.vertex;

import io.github.dl4jpooling.layers.conf.vertex.CrossAttentionVertex;
import io.github.dl4jpooling.layers.impl.AttentionMasks;
import io.github.dl4jpooling.layers.impl.Numbers;
import io.github.dl4jpooling.layers.impl.WorkspaceMemory;
import io.github.dl4jpooling.ops.CrossAttentionPool;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link CrossAttentionVertex}. */
public class CrossAttentionPooling extends PoolingGraphVertex<CrossAttentionVertex> {

    private INDArray[] masks; // of the last call with masks, null for none

    /**
     * Made by {@link CrossAttentionVertex#instantiate}.
     *
     * @param graph the network
     * @param name name of the vertex
     * @param index number of the vertex
     * @param configuration its configuration
     * @param dataType the network's type
     */
    public CrossAttentionPooling(
            ComputationGraph graph, String name, int index, CrossAttentionVertex configuration, DataType dataType) {
        super(graph, name, index, configuration, dataType);
    }

    private INDArray channelsSecond(INDArray array, int input) {
        if (!configuration().getChannelsLast()[input]) {
            return array;
        }
        int[] axes = new int[array.rank()];
        Arrays.setAll(axes, axis -> axis < 2 ? axis * (array.rank() - 1) : axis - 1);
        return array.permute(axes);
    }

    /** DL4J does not tell a vertex that the masks of the call before are gone; the network knows. */
    private boolean isMasked(int input) {
        return masks != null && masks[input] != null && graph.getInputMaskArrays() != null;
    }

    private CrossAttentionPool op() {
        return configuration().op(isMasked(0), isMasked(1));
    }

    private List<INDArray> arguments() {
        List<INDArray> arguments = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            arguments.add(channelsSecond(Numbers.cast(inputs[i], dataType), i));
        }
        arguments.addAll(paramTable(true).values());
        for (int i = 0; i < inputs.length; i++) {
            if (isMasked(i)) {
                arguments.add(AttentionMasks.positions(masks[i], arguments.get(i).shape(), false, dataType));
            }
        }
        return arguments;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoForward(), "forward");
        CrossAttentionPool op = op();
        try {
            return op.apply(arguments(), WorkspaceMemory.of(workspaceManager, ArrayType.ACTIVATIONS)).get(0);
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage(), e);
        }
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoBackward(), "backward");
        INDArray[] gradients = new INDArray[inputs.length];
        List<INDArray> results = new ArrayList<>();
        for (int i = 0; i < inputs.length; i++) {
            gradients[i] = workspaceManager.createUninitialized(
                    ArrayType.ACTIVATION_GRAD, dataType, inputs[i].shape(), 'c');
            results.add(channelsSecond(gradients[i], i));
        }
        paramTable(true).keySet().forEach(name -> results.add(parameterGradient(name)));
        List<INDArray> arguments = arguments();
        arguments.add(Numbers.cast(epsilon, dataType));
        op().gradient().execute(arguments, results);
        return new Pair<>(gradient(), gradients);
    }

    /** Behind this vertex there are no positions to mask. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] maskArrays, MaskState state, int minibatchSize) {
        masks = maskArrays == null ? null : maskArrays.clone();
        return new Pair<>(null, state);
    }
}
