// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl.vertex;

import io.github.dl4jpooling.layers.conf.vertex.WindowPoolingVertex;
import io.github.dl4jpooling.layers.impl.MaskReduction;
import io.github.dl4jpooling.layers.impl.Numbers;
import io.github.dl4jpooling.ops.WindowedOp;
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

/** Runs every vertex that a {@link WindowPoolingVertex} configures. */
public class WindowPooling extends PoolingGraphVertex<WindowPoolingVertex> {

    private INDArray mask; // of the array to pool, of the last call with masks

    /**
     * Made by {@link WindowPoolingVertex#instantiate}.
     *
     * @param graph the network
     * @param name name of the vertex
     * @param index number of the vertex
     * @param configuration its configuration
     * @param dataType the network's type
     */
    public WindowPooling(
            ComputationGraph graph, String name, int index, WindowPoolingVertex configuration, DataType dataType) {
        super(graph, name, index, configuration, dataType);
    }

    /** DL4J does not tell a vertex that the masks of the call before are gone; the network knows. */
    private boolean isMasked() {
        return mask != null && mask.rank() == 2 && graph.getInputMaskArrays() != null;
    }

    private WindowedOp op() {
        WindowedOp op = configuration().op();
        return isMasked() ? op.withMask() : op;
    }

    private List<INDArray> arguments() {
        List<INDArray> arguments = new ArrayList<>();
        Arrays.stream(inputs).forEach(input -> arguments.add(Numbers.cast(input, dataType)));
        arguments.addAll(paramTable(true).values());
        if (isMasked()) {
            arguments.add(Numbers.cast(mask, dataType));
        }
        return arguments;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoForward(), "forward");
        return apply(op(), this::arguments, workspaceManager);
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoBackward(), "backward");
        INDArray[] gradients = new INDArray[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            gradients[i] = workspaceManager.createUninitialized(
                    ArrayType.ACTIVATION_GRAD, dataType, inputs[i].shape(), 'c');
        }
        int learned = Math.min(inputs.length, configuration().op().differentiableInputs());
        for (int i = learned; i < inputs.length; i++) {
            gradients[i].assign(0); // DL4J expects one for each input
        }
        applyGradient(op(), arguments(), Numbers.cast(epsilon, dataType), Arrays.asList(gradients).subList(0, learned));
        return new Pair<>(gradient(), gradients);
    }

    /** The mask of the array to pool decides. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatchSize) {
        mask = masks == null ? null : masks[0];
        if (mask == null) {
            return new Pair<>(null, state);
        }
        try {
            return new Pair<>(MaskReduction.reduce(mask, configuration().window()), state);
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage(), e);
        }
    }
}
