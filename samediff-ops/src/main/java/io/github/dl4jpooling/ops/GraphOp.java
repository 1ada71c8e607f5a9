// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An op on graphs, see {@link GraphLayout}. Its inputs: the nodes, those of the op, weights of edges, edges, mask. */
public abstract class GraphOp extends MapOp {

    /** Name of the input with the edges. */
    public static final String EDGES = "edges";

    /** Name of the input with the weights of edges. */
    public static final String EDGE_WEIGHTS = "edgeWeights";

    /** Name of the input that says which nodes exist. */
    public static final String MASK = "mask";

    private static final String NODES = "input";
    private static final int LAYOUT_OPTIONS = 3;

    /** For SameDiff, which fills in the arguments. */
    GraphOp() {}

    GraphOp(GraphLayout layout, long[] options, double... realOptions) {
        super(Objects.requireNonNull(layout, "layout").channelsLast(), LongStream.concat(
                Arrays.stream(options(layout.neighbourhood(), layout.isMasked(), layout.isWeighted())),
                Arrays.stream(options)).toArray());
        addTArgument(realOptions);
        checkOptions();
    }

    /** An option of the operator. */
    final long ownOption(int index, String name, long least, long most) {
        return option(LAYOUT_OPTIONS + index, name, least, most);
    }

    final <E extends Enum<E>> E ownOption(int index, Class<E> type) {
        return option(LAYOUT_OPTIONS + index, type);
    }

    /** @return how graphs stand in arrays */
    public final GraphLayout layout() {
        Neighbourhood neighbourhood = option(0, Neighbourhood.class);
        try {
            return GraphLayout.builder(neighbourhood)
                    .channelsLast(channelsLast())
                    .masked(option(1, "masked", 0, 1) == 1)
                    .weighted(option(2, "weighted", 0, 1) == 1)
                    .build();
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage());
        }
    }

    @Override
    protected final int dimensions() {
        return option(0, Neighbourhood.class).dimensions();
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        layout();
    }

    /** Fails where the op needs edges and the layout has none. */
    final void requireNeighbours() {
        if (layout().neighbourhood() == Neighbourhood.NONE) {
            throw error("neighbourhood must be one with edges, got " + Neighbourhood.NONE);
        }
    }

    /**
     * Shapes of the operator's own inputs behind the nodes, all of which have a gradient.
     *
     * @param nodesShape shape of the nodes
     * @return shapes by name, in the order of the inputs
     */
    public Map<String, long[]> furtherShapes(long... nodesShape) {
        return new LinkedHashMap<>();
    }

    private List<String> furtherNames() {
        long[] shape = new long[axes().rank()];
        Arrays.fill(shape, 1);
        return new ArrayList<>(furtherShapes(shape).keySet());
    }

    @Override
    public final List<String> inputNames() {
        GraphLayout layout = layout();
        List<String> names = new ArrayList<>(List.of(NODES));
        names.addAll(furtherNames());
        if (layout.isWeighted()) {
            names.add(EDGE_WEIGHTS);
        }
        if (layout.neighbourhood() == Neighbourhood.EDGES) {
            names.add(EDGES);
        }
        if (layout.isMasked()) {
            names.add(MASK);
        }
        return names;
    }

    @Override
    public final int differentiableInputs() {
        return 1 + furtherNames().size() + (layout().isWeighted() ? 1 : 0);
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return name.equals(EDGES) || name.equals(INDEX) ? DataType.INT64 : type;
    }

    /** An array by the name of its input, null where there is none. */
    final INDArray array(List<INDArray> arrays, String name) {
        int index = inputNames().indexOf(name);
        return index < 0 || index >= arrays.size() ? null : arrays.get(index);
    }

    final long positionsOf(INDArray nodes) {
        return positions(axes().spatial(nodes.shape()));
    }

    /** The shape of an array with one element a node. */
    final long[] nodeShape(long... nodesShape) {
        return GraphAggregatePool.withoutFeatures(nodesShape[0], axes().spatial(nodesShape));
    }

    /** Checks all inputs. */
    final void checkInputs(List<INDArray> inputs) {
        long[] shape = inputs.get(0).shape();
        spatialSizes(shape);
        int next = 1;
        for (Map.Entry<String, long[]> entry : furtherShapes(shape).entrySet()) {
            checkShape(entry.getKey(), inputs.get(next++), entry.getValue());
        }
        INDArray edges = array(inputs, EDGES);
        if (edges != null) {
            if (edges.rank() != 3 || edges.size(0) != shape[0] || edges.size(1) != 2 || edges.size(2) < 1) {
                throw error("the edges must have shape [N,2,E] with N = " + shape[0] + " and E at least 1, got "
                        + Arrays.toString(edges.shape()));
            }
            if (layout().isWeighted()) {
                checkShape(EDGE_WEIGHTS, array(inputs, EDGE_WEIGHTS), shape[0], edges.size(2));
            }
        }
        if (layout().isMasked()) {
            checkShape(MASK, array(inputs, MASK), nodeShape(shape));
        }
    }

    final NodeMask mask(List<INDArray> inputs) {
        return new NodeMask(array(inputs, MASK), inputs.get(0).size(0), positionsOf(inputs.get(0)));
    }

    /** The edges; null for a grid. */
    final EdgeLists edges(List<INDArray> inputs, NodeMask mask) {
        INDArray edges = array(inputs, EDGES);
        try {
            return edges == null ? null : new EdgeLists(edges, mask);
        } catch (IllegalArgumentException e) {
            throw error(e.getMessage());
        }
    }

    final NeighbourSums sums(List<INDArray> inputs, NodeMask mask, EdgeLists edges, Temporaries temporaries) {
        return new NeighbourSums(layout().neighbourhood().gridNeighbours(), mask, edges,
                array(inputs, EDGE_WEIGHTS), temporaries);
    }

    /** The gradient of the weights of edges among those of all inputs, null for none. */
    final INDArray weightGradient(List<INDArray> inputGradients) {
        return layout().isWeighted() ? inputGradients.get(differentiableInputs() - 1) : null;
    }

    /**
     * Gradients of sums over groups times a factor each.
     *
     * @param factors one number a group, with an axis for the features. Not modified.
     * @param xGradient modified: 0 for nodes in no group
     * @return gradients of the factors
     */
    final double[] backwardOfProducts(NodeGroups groups, INDArray x, INDArray factors, INDArray yGradient,
            INDArray xGradient, Temporaries temporaries) {
        INDArray sums = temporaries.create(x.dataType(), yGradient.shape());
        groups.forward(axes(), Aggregator.SUM, x, null, sums);
        int features = new MapAxes(1, channelsLast()).channelAxis();
        double[] byFactor = NodeMask.numbers(temporaries.add(temporaries.add(sums.mul(yGradient)).sum(features)));
        NetworkOp.multiply(yGradient, factors, sums);
        groups.backward(axes(), Aggregator.SUM, x, null, sums, xGradient, null);
        return byFactor;
    }

    /** The inputs of a forward pass and the gradient of its output. */
    static List<INDArray> with(List<INDArray> inputs, INDArray outputGradient) {
        List<INDArray> all = new ArrayList<>(inputs);
        all.add(outputGradient);
        return all;
    }

    /** Fails where numbers that the forward pass wrote are none it can have written. */
    final void checkSaved(String name, long[] numbers, long count) {
        for (long number : numbers) {
            if (number < -1 || number >= count) {
                throw error("the " + name + " must be from -1 to " + (count - 1) + ", got " + number);
            }
        }
    }
}
