// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl.vertex;

import io.github.dl4jpooling.layers.conf.vertex.TimeWindowVertex;
import io.github.dl4jpooling.layers.impl.Numbers;
import io.github.dl4jpooling.ops.TimeWindowPool;
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

/** Runs a {@link TimeWindowVertex}. */
public class TimeWindowPooling extends PoolingGraphVertex<TimeWindowVertex> {

    private INDArray mask; // of the events, of the last call with masks

    /**
     * Made by {@link TimeWindowVertex#instantiate}.
     *
     * @param graph the network
     * @param name name of the vertex
     * @param index number of the vertex
     * @param configuration its configuration
     * @param dataType the network's type
     */
    public TimeWindowPooling(
            ComputationGraph graph, String name, int index, TimeWindowVertex configuration, DataType dataType) {
        super(graph, name, index, configuration, dataType);
    }

    /** DL4J does not tell a vertex that the masks of the call before are gone; the network knows. */
    private boolean isMasked() {
        return mask != null && graph.getInputMaskArrays() != null;
    }

    private boolean isVector() {
        return configuration().getMoments() == TimeWindowPool.Moments.LAST_EVENT;
    }

    /** Times of one number a step, as a matrix, in their own type where it is the more exact one. */
    private INDArray ofSteps(INDArray array, String name) {
        INDArray times = array.dataType() == DataType.DOUBLE ? array : Numbers.cast(array, dataType);
        if (times.rank() == 2) {
            return times;
        }
        if (times.rank() != 3 || times.size(1) != 1 && times.size(2) != 1) {
            throw new IllegalArgumentException("the " + name + " must have shape [batch, 1, steps], [batch, steps, 1] "
                    + "or [batch, steps], got " + Arrays.toString(array.shape()));
        }
        boolean stepsSecond = configuration().isChannelsLast() ? times.size(2) == 1 : times.size(1) != 1;
        return times.slice(0, stepsSecond ? 2 : 1);
    }

    private List<INDArray> arguments(TimeWindowPool op) {
        List<INDArray> arguments = new ArrayList<>();
        int next = 1;
        for (String name : op.inputNames()) {
            if (arguments.isEmpty()) {
                arguments.add(Numbers.cast(inputs[0], dataType));
            } else if (name.equals(TimeWindowVertex.LOG_TAU)) {
                arguments.add(parameter(name));
            } else if (name.equals(TimeWindowPool.MASK)) {
                arguments.add(Numbers.cast(mask, dataType));
            } else {
                arguments.add(ofSteps(inputs[next++], name));
            }
        }
        return arguments;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoForward(), "forward");
        TimeWindowPool op = configuration().op(isMasked());
        INDArray y = apply(op, () -> arguments(op), workspaceManager);
        return isVector() ? y.reshape(y.size(0), y.size(1) * y.size(2)) : y;
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoBackward(), "backward");
        TimeWindowPool op = configuration().op(isMasked());
        INDArray[] gradients = new INDArray[inputs.length];
        for (int i = 0; i < inputs.length; i++) { // times have none
            gradients[i] = workspaceManager.create(ArrayType.ACTIVATION_GRAD, dataType, inputs[i].shape(), 'c');
        }
        List<INDArray> arguments = arguments(op);
        long[] shape = op.outputShapes(arguments).get(0).getShape();
        INDArray yGradient = epsilon(isVector() ? new long[] {shape[0], shape[1] * shape[2]} : shape);
        if (isVector()) {
            long size = yGradient.size(1);
            yGradient = configuration().isChannelsLast()
                    ? yGradient.reshape(yGradient.size(0), 1, size)
                    : yGradient.reshape(yGradient.size(0), size, 1);
        }
        applyGradient(op, arguments, yGradient, List.of(gradients[0]));
        return new Pair<>(gradient(), gradients);
    }

    /** The mask of the events decides which take part; that of the result is that of the moments. */
    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatchSize) {
        mask = masks == null ? null : masks[0];
        switch (configuration().getMoments()) {
            case EVERY_EVENT:
                return new Pair<>(mask, state);
            case GIVEN:
                return new Pair<>(masks == null ? null : masks[masks.length - 1], state);
            default:
                return new Pair<>(null, state);
        }
    }
}
