// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.layers.impl.AttentionParameters;
import io.github.dl4jpooling.layers.impl.MapTypes;
import io.github.dl4jpooling.layers.impl.vertex.GraphPooling;
import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.inputs.InvalidInputTypeException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A vertex that pools graphs, see {@link GraphLayout}: the positions of images, or lists of nodes in the form of
 * sequences. Its inputs are, in this order,
 * <ul>
 * <li>the nodes, and what else the operator pools or scores them by;
 * <li>with {@link #setWeighted}, weights of edges, {@code [N,E]};
 * <li>for {@link Neighbourhood#EDGES} the edges, {@code [N,2,E]} of any type that holds whole numbers, whose input type
 * is that of sequences: from where, to where, -1 twice for none;
 * <li>with {@link #setRegion}, a region: {@code [N,1,H,W]} of images (also with the channels last), {@code [N,V]} of
 * lists; nodes where it is 0 do not exist.
 * </ul>
 *
 * <p>Regions are for masks that are data like the image; where there is none, DL4J's mask of the first input says which
 * nodes exist. The network's input types must be set: the order of axes and the number of features are learnt from
 * them. Edges and regions get gradients of 0. How parameters learn: {@link PoolingVertex}.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class GraphPoolingVertex extends PoolingVertex {

    private Neighbourhood neighbourhood;

    /** Whether edges have weights. */
    private boolean weighted;

    /** Whether the last input is a region. */
    private boolean region;

    /** What the network's input types say of the nodes. */
    private boolean channelsLast;

    private int dimensions;

    /**
     * Starts without weights and region.
     *
     * @param neighbourhood which nodes are neighbours
     */
    protected GraphPoolingVertex(Neighbourhood neighbourhood) {
        this.neighbourhood = Objects.requireNonNull(neighbourhood, "neighbourhood");
    }

    /**
     * Makes the operator this vertex applies.
     *
     * @param layout how graphs stand in arrays, for operators that ask
     * @return the operator with its configuration
     * @throws IllegalArgumentException if a setting is out of range
     */
    protected abstract PoolingOp newOp(GraphLayout layout);

    /** @return names of the inputs that are pooled, as the operator has them, the nodes first */
    protected List<String> pooledNames() {
        return Collections.singletonList("input");
    }

    /**
     * Type of the output.
     *
     * @param shape shape of the operator's output for one example of the input types
     * @return the type
     */
    protected abstract InputType typeOf(long... shape);

    /**
     * The mask behind this vertex.
     *
     * @param mask of the nodes
     * @return a mask, null for none
     */
    public INDArray pooledMask(INDArray mask) {
        return null;
    }

    /**
     * Shape of the vertex's output.
     *
     * @param shape of the operator's output
     * @return a shape with as many elements
     */
    public long[] vertexShape(long... shape) {
        return shape;
    }

    /** A list of as many nodes as the second axis says, with the features in the other. */
    final InputType list(long... shape) {
        return channelsLast
                ? InputType.recurrent(shape[2], shape[1], RNNFormat.NWC)
                : InputType.recurrent(shape[1], shape[2], RNNFormat.NCW);
    }

    /** Images again where the nodes are those of images. */
    final InputType sameNodes(long... shape) {
        return MapTypes.typeOf(shape, channelsLast);
    }

    private GraphLayout layout(boolean masked) {
        return GraphLayout.builder(neighbourhood).channelsLast(channelsLast).masked(masked).weighted(weighted).build();
    }

    /**
     * The operator this vertex applies.
     *
     * @param masked whether there is a mask
     * @return the operator with its configuration
     * @throws DL4JInvalidConfigException if a setting is out of range
     */
    public final PoolingOp op(boolean masked) {
        try {
            return newOp(layout(masked));
        } catch (IllegalArgumentException e) {
            throw new DL4JInvalidConfigException(getClass().getSimpleName() + ": " + e.getMessage(), e);
        }
    }

    @Override
    public final List<String> inputNames() {
        List<String> names = new ArrayList<>(pooledNames());
        if (weighted) {
            names.add("edgeWeights");
        }
        if (neighbourhood == Neighbourhood.EDGES && takesEdges()) {
            names.add("edges");
        }
        if (region) {
            names.add("mask");
        }
        return names;
    }

    @Override
    protected void check() {
        if (neighbourhood == null) {
            throw new IllegalArgumentException(
                    "neighbourhood must be one of " + Arrays.toString(Neighbourhood.values()) + ", got null");
        }
        op(false);
    }

    /** Whether the operator looks at edges. */
    boolean takesEdges() {
        return true;
    }

    /** Weights start at Xavier's random values, biases at 0. */
    @Override
    public void initializeParameter(String name, INDArray parameter) {
        boolean isWeight = name.equals("weights");
        INDArray matrix = parameter.rank() == 1 ? parameter.reshape(1, parameter.length()) : parameter;
        AttentionParameters.initialize(isWeight, matrix, new WeightInitXavier());
    }

    @Override
    protected GraphPooling instantiate(ComputationGraph graph, String name, int index, DataType networkType) {
        return new GraphPooling(graph, name, index, this, networkType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) throws InvalidInputTypeException {
        checkCount(inputs);
        boolean isImage = inputs[0] instanceof InputType.InputTypeConvolutional;
        if (neighbourhood.isGrid() != isImage || !isImage && !(inputs[0] instanceof InputType.InputTypeRecurrent)) {
            throw inputError("takes " + (neighbourhood.isGrid() ? "images" : "lists of nodes, as sequences,") + " for "
                    + "the neighbourhood " + neighbourhood + ", got " + Arrays.toString(inputs));
        }
        channelsLast = MapTypes.channelsLast(inputs[0], false);
        dimensions = neighbourhood.dimensions();
        long[] shape = MapTypes.exampleShape(inputs[0], channelsLast);
        if (!isImage && shape[channelsLast ? 1 : 2] < 1) {
            shape[channelsLast ? 1 : 2] = 1; // a list of unknown length
        }
        setExampleShape(shape);
        return typeOf(outputShape(shape, inputs));
    }

    /** Shape of the output for one example. */
    abstract long[] outputShape(long[] shape, InputType... inputs);

    /** Features, or clusters, of an input type. */
    static long features(InputType type) {
        boolean last = MapTypes.channelsLast(type, false);
        long[] shape = MapTypes.exampleShape(type, last);
        return shape[last ? shape.length - 1 : 1];
    }

    final int featureAxis() {
        return channelsLast ? dimensions + 1 : 1;
    }

    final long nodes(long... shape) {
        return Arrays.stream(shape).reduce(1, Math::multiplyExact) / shape[0] / shape[featureAxis()];
    }

    /** Shape of lists of so many nodes with the features of another array. */
    final long[] listOf(long count, long... shape) {
        long features = shape[featureAxis()];
        return channelsLast ? new long[] {shape[0], count, features} : new long[] {shape[0], features, count};
    }
}
