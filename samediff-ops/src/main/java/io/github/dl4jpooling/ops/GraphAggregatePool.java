// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Graph readout: the nodes of a graph, or of an irregular region of an image, become one, feature by feature.
 *
 * <pre>
 * MEAN, SUM, MAX
 * SOFTMAX       y = sum_i w_i x_i,   w_i = exp(t x_i) / sum_j exp(t x_j)
 * POWER_MEAN    y = (1/n sum_i max(0, x_i)^p)^(1/p)
 * </pre>
 *
 * <p>Where what stands in a map has no rectangular shape: objects given as masks, superpixels, graphs of any size. The
 * temperature t and the power p are learned: SOFTMAX goes from the mean (t = 0) to the maximum, POWER_MEAN from the
 * mean of the positive part (p = 1) to its maximum. Not the right choice where the order or place of nodes matters.
 *
 * <p>Input {@code [N,F,W]}, {@code [N,F,H,W]} or {@code [N,F,D,H,W]} (or features last), types float, double, half,
 * bfloat16. Graphs are one of
 * <ul>
 * <li>the examples; output {@code [N,F]}. With a mask, of the input's type and shape without features, nodes where it
 * is 0 have no part;
 * <li>named by a further input "graph", INT64 of the shape of a mask, with the number of each node's graph, from 0, or
 * -1 for none; output {@code [graphs,F]}. A batch vector as PyTorch Geometric has it is {@code x [1,V,F]}, features
 * last, with graph {@code [1,V]}.
 * </ul>
 *
 * <p>Further input of SOFTMAX: temperature [1]; of POWER_MEAN: power [1], below 1/64 taken as 1/64. PyTorch Geometric's
 * PowerMeanAggregation moreover cuts elements and result at 100. Gradients are exact for both. A graph without nodes
 * gives 0; the first of the largest elements gets the gradient of MAX; a NaN makes its feature NaN.
 *
 * <p>Paper: G. Li, C. Xiong, A. Thabet, B. Ghanem: "DeeperGCN: All You Need to Train Deeper GCNs", 2020 (softmax and
 * power mean).
 */
public final class GraphAggregatePool extends MapOp {

    /** Name of the input that says which nodes exist. */
    public static final String MASK = "mask";

    /** Name of the input with the numbers of graphs. */
    public static final String GRAPH = "graph";

    /** For SameDiff, which fills in the arguments. */
    public GraphAggregatePool() {}

    /**
     * For images, channels first, without a mask.
     *
     * @param aggregator how nodes become one
     */
    public GraphAggregatePool(Aggregator aggregator) {
        this(2, false, aggregator, false);
    }

    /**
     * Every example is a graph.
     *
     * @param dimensions spatial axes: 1 for lists of nodes, 2 for images, 3 for volumes
     * @param channelsLast whether the features are the last axis
     * @param aggregator how nodes become one
     * @param masked whether there is a mask
     */
    public GraphAggregatePool(int dimensions, boolean channelsLast, Aggregator aggregator, boolean masked) {
        this(dimensions, channelsLast, aggregator, masked, 0);
    }

    private GraphAggregatePool(
            int dimensions, boolean channelsLast, Aggregator aggregator, boolean masked, int graphs) {
        super(channelsLast, options(dimensions, Objects.requireNonNull(aggregator, "aggregator"), masked, graphs));
        checkOptions();
    }

    /**
     * Graphs are named by an input.
     *
     * @param dimensions spatial axes: 1 for lists of nodes, 2 for images, 3 for volumes
     * @param channelsLast whether the features are the last axis
     * @param aggregator how nodes become one
     * @param graphs number of graphs, at least 1
     * @return the op
     */
    public static GraphAggregatePool numbered(
            int dimensions, boolean channelsLast, Aggregator aggregator, int graphs) {
        if (graphs < 1) {
            throw new IllegalArgumentException(
                    PoolingOperator.GRAPH_AGGREGATE_POOL.title() + ": graphs must be at least 1, got " + graphs);
        }
        return new GraphAggregatePool(dimensions, channelsLast, aggregator, false, graphs);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.GRAPH_AGGREGATE_POOL;
    }

    @Override
    protected int dimensions() {
        return dimensions((int) option(0, "dimensions", 1, MapAxes.KERNEL_AXES));
    }

    /** @return how nodes become one */
    public Aggregator aggregator() {
        return option(1, Aggregator.class);
    }

    /** @return whether there is a mask */
    public boolean isMasked() {
        return option(2, "masked", 0, 1) == 1;
    }

    /** @return number of graphs, 0 where every example is one */
    public int graphs() {
        return (int) option(3, "graphs", 0, Integer.MAX_VALUE - 1);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        aggregator();
        if (graphs() > 0 && isMasked()) {
            throw error("masked must be false where graphs are numbered: a number of -1 leaves a node out, got true");
        }
    }

    private int parameters() {
        return aggregator().parameter() == null ? 0 : 1;
    }

    @Override
    public List<String> inputNames() {
        List<String> names = new ArrayList<>(List.of("input"));
        if (parameters() > 0) {
            names.add(aggregator().parameter());
        }
        if (isMasked()) {
            names.add(MASK);
        } else if (graphs() > 0) {
            names.add(GRAPH);
        }
        return names;
    }

    @Override
    public int differentiableInputs() {
        return 1 + parameters();
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return name.equals(GRAPH) ? DataType.INT64 : type;
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        long[] shape = inputs.get(0).shape();
        long[] spatial = spatialSizes(shape);
        if (parameters() > 0) {
            checkShape(aggregator().parameter(), inputs.get(1), 1);
        }
        if (inputs.size() > differentiableInputs()) {
            checkShape(inputNames().get(differentiableInputs()), inputs.get(differentiableInputs()),
                    withoutFeatures(shape[0], spatial));
        }
        return new long[][] {{graphs() > 0 ? graphs() : shape[0], shape[axes().channelAxis()]}};
    }

    /** The shape of an array with one element a node. */
    static long[] withoutFeatures(long examples, long... spatial) {
        long[] shape = new long[spatial.length + 1];
        shape[0] = examples;
        System.arraycopy(spatial, 0, shape, 1, spatial.length);
        return shape;
    }

    private NodeGroups groups(List<INDArray> inputs, Temporaries temporaries) {
        INDArray x = inputs.get(0);
        INDArray last = inputs.get(inputs.size() - 1);
        if (graphs() == 0) {
            return new NodeMask(isMasked() ? last : null, x.size(0), positions(axes().spatial(x.shape())))
                    .groups(temporaries);
        }
        long[] numbers = NodeMask.wholeNumbers(last);
        int[] groupOfNode = new int[numbers.length];
        for (int node = 0; node < numbers.length; node++) {
            if (numbers[node] < -1 || numbers[node] >= graphs()) {
                throw error("the graph must be from -1 to " + (graphs() - 1) + ", got " + numbers[node]
                        + " for node " + node);
            }
            groupOfNode[node] = (int) numbers[node];
        }
        return NodeGroups.numbered(groupOfNode, graphs(), temporaries);
    }

    private INDArray parameter(List<INDArray> arrays) {
        return parameters() == 0 ? null : arrays.get(1);
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        INDArray y = outputs.get(0);
        if (inputs.get(0).isEmpty()) {
            NodeGroups.clear(y);
            return;
        }
        try (Temporaries temporaries = new Temporaries()) {
            groups(inputs, temporaries).forward(axes(), aggregator(), inputs.get(0), parameter(inputs), y);
        }
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        if (inputs.get(0).isEmpty()) {
            inputGradients.forEach(NodeGroups::clear);
            return;
        }
        try (Temporaries temporaries = new Temporaries()) {
            groups(inputs, temporaries).backward(axes(), aggregator(), inputs.get(0), parameter(inputs),
                    outputGradient, inputGradients.get(0), parameter(inputGradients));
        }
    }
}
