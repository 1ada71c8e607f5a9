// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl.vertex;

import io.github.dl4jpooling.layers.conf.vertex.GraphPoolingVertex;
import io.github.dl4jpooling.layers.impl.AttentionMasks;
import io.github.dl4jpooling.layers.impl.Numbers;
import io.github.dl4jpooling.ops.PoolingOp;
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
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.LongShapeDescriptor;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a {@link GraphPoolingVertex}. */
public class GraphPooling extends PoolingGraphVertex<GraphPoolingVertex> {

    private static final String EDGES = "edges";
    private static final String WEIGHTS = "edgeWeights";
    private static final String MASK = "mask";
    private static final String SCORE = "score";

    private INDArray mask; // of the last call with masks, null for none
    private List<INDArray> saved = new ArrayList<>(); // what the gradient needs of the forward pass

    /**
     * Made by {@link GraphPoolingVertex#instantiate}.
     *
     * @param graph the network
     * @param name name of the vertex
     * @param index number of the vertex
     * @param configuration its configuration
     * @param dataType the network's type
     */
    public GraphPooling(
            ComputationGraph graph, String name, int index, GraphPoolingVertex configuration, DataType dataType) {
        super(graph, name, index, configuration, dataType);
    }

    /** DL4J does not tell a vertex that the masks of the call before are gone; the network knows. */
    private boolean isMasked() {
        return mask != null && graph.getInputMaskArrays() != null;
    }

    private PoolingOp op() {
        return configuration().op(configuration().isRegion() || isMasked());
    }

    private int place(String name) {
        return configuration().inputNames().indexOf(name);
    }

    @SuppressWarnings("try") // closing is all that the resource is for
    private INDArray argument(String name) {
        int place = place(name);
        if (place < 0) {
            return name.equals(MASK)
                    ? AttentionMasks.positions(mask, inputs[0].shape(), configuration().isChannelsLast(), dataType)
                    : parameter(name);
        }
        INDArray input = inputs[place];
        if (!List.of(EDGES, WEIGHTS, MASK, SCORE).contains(name)) {
            return Numbers.cast(input, dataType);
        }
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            switch (name) {
                case EDGES:
                    return Numbers.cast(input, DataType.INT64);
                case WEIGHTS:
                    return rows(Numbers.cast(input, dataType));
                default:
                    return withoutFeatures(name.equals(MASK) ? "region" : name, Numbers.cast(input, dataType));
            }
        }
    }

    private INDArray rows(INDArray array) {
        if (array.rank() < 2) {
            throw error("the weights of edges must have two axes at least, got shape "
                    + Arrays.toString(array.shape()), null);
        }
        long columns = Arrays.stream(array.shape()).skip(1).reduce(1, (a, b) -> a * b);
        return array.isEmpty()
                ? Nd4j.create(array.dataType(), array.size(0), columns)
                : array.dup('c').reshape(array.size(0), columns);
    }

    /** An array with one number a node without the axis of channels. */
    private INDArray withoutFeatures(String name, INDArray input) {
        if (inputs[0].rank() < 2) {
            throw error("the nodes must have two axes at least, got shape " + Arrays.toString(inputs[0].shape()), null);
        }
        int features = configuration().isChannelsLast() ? inputs[0].rank() - 1 : 1;
        long[] nodes = new long[inputs[0].rank() - 1];
        int next = 0;
        for (int axis = 0; axis < inputs[0].rank(); axis++) {
            if (axis != features) {
                nodes[next++] = inputs[0].size(axis);
            }
        }
        long[] withChannel = inputs[0].shape().clone();
        withChannel[features] = 1;
        if (!Arrays.equals(input.shape(), nodes) && !Arrays.equals(input.shape(), withChannel)) {
            throw error("the " + name + " must have shape " + Arrays.toString(withChannel) + " or "
                    + Arrays.toString(nodes) + ", got " + Arrays.toString(input.shape()), null);
        }
        return input.dup('c').reshape(nodes);
    }

    private List<INDArray> arguments(PoolingOp op) {
        List<INDArray> arguments = new ArrayList<>();
        op.inputNames().forEach(name -> arguments.add(argument(name)));
        return arguments;
    }

    @Override
    @SuppressWarnings("try") // closing is all that the resource is for
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoForward(), "forward");
        PoolingOp op = op();
        try {
            List<INDArray> arguments = arguments(op);
            List<LongShapeDescriptor> shapes = op.outputShapes(arguments);
            long[] shape = shapes.get(0).getShape();
            INDArray y = workspaceManager.createUninitialized(
                    ArrayType.ACTIVATIONS, dataType, configuration().vertexShape(shape), 'c');
            List<INDArray> outputs = new ArrayList<>(List.of(y.reshape('c', shape)));
            saved = new ArrayList<>();
            try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
                for (LongShapeDescriptor further : shapes.subList(1, shapes.size())) {
                    saved.add(Nd4j.create(further, false));
                }
            }
            outputs.addAll(saved);
            op.execute(arguments, outputs);
            return y;
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage(), e);
        }
    }

    @Override
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaceManager) {
        checkSet(canDoBackward(), "backward");
        PoolingOp op = op();
        INDArray[] gradients = new INDArray[inputs.length];
        for (int i = 0; i < inputs.length; i++) {
            gradients[i] = workspaceManager.create(ArrayType.ACTIVATION_GRAD, dataType, inputs[i].shape(), 'c');
        }
        List<INDArray> arguments = arguments(op);
        List<INDArray> results = new ArrayList<>();
        for (int i = 0; i < op.differentiableInputs(); i++) {
            String name = op.inputNames().get(i);
            results.add(place(name) < 0
                    ? parameterGradient(name)
                    : gradients[place(name)].reshape('c', arguments.get(i).shape()));
        }
        long[] shape = op.outputShapes(arguments).get(0).getShape();
        arguments.addAll(saved);
        INDArray given = epsilon(configuration().vertexShape(shape));
        arguments.add(Arrays.equals(given.shape(), shape) ? given : given.reshape('c', shape));
        op.gradient().execute(arguments, results);
        return new Pair<>(gradient(), gradients);
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] maskArrays, MaskState state, int minibatchSize) {
        mask = maskArrays == null ? null : maskArrays[0];
        return new Pair<>(mask == null ? null : configuration().pooledMask(mask), state);
    }
}
