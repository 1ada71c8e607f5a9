// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Edge contraction (EdgePool): pairs of neighbours become one node, the pairs with the largest scores first.
 *
 * <pre>
 * raw_uv = w1 x_u + w2 x_v + b,   s_uv = 0.5 + softmax of raw over the edges that lead to v (or logistic, tanh)
 * contracted: the edge with the largest s, then the largest of those that share no end with it, and so on
 * y = s_uv (x_u + x_v) for contracted edges,   y = x_u for nodes that are left
 * </pre>
 *
 * <p>About halves a graph, without losing a node and along its edges only, so that what is not connected stays apart;
 * each region of an image shrinks in its own shape. Not the right choice where speed counts: edges are sorted and
 * matched one after the other, on the host.
 *
 * <p>Inputs: see {@link GraphLayout}; weights {@code [2,F]}, w1 in the first row; bias [1]. Edges have no weights;
 * those from a node to itself do not count. Outputs: {@code [N,F,V]} (or {@code [N,V,F]}) with as many places as the
 * input has nodes, clusters first, in the order of their first nodes, then 0; "cluster", INT64 {@code [N,V]}, with the
 * cluster of each node, -1 for nodes that do not exist; "edge", INT64 {@code [N,V]}, with the number of each cluster's
 * edge, -1 for none: its column among the edges, or of a grid v times the number of neighbours plus the neighbour's
 * place, counted row by row; for given edges "contractedEdges" {@code [N,2,E]} between clusters, without those from a
 * cluster to itself and without repetitions, -1 behind them.
 *
 * <p>Of equal scores the first edge wins; a NaN counts as larger than every number. Gradients are exact for the edges
 * that were contracted, like those of a maximum. Types float, double, half, bfloat16.
 *
 * <p>Paper: F. Diehl: "Edge Contraction Pooling for Graph Neural Networks", 2019.
 */
public final class GraphEdgePool extends GraphOp {

    private static final String WEIGHTS = "weights";
    private static final String BIAS = "bias";

    /** For SameDiff, which fills in the arguments. */
    public GraphEdgePool() {}

    /**
     * Scores by softmax, as in the paper.
     *
     * @param layout how graphs stand in arrays
     */
    public GraphEdgePool(GraphLayout layout) {
        this(layout, EdgeScore.SOFTMAX);
    }

    /**
     * Chooses the scores.
     *
     * @param layout how graphs stand in arrays
     * @param score what becomes of raw scores
     */
    public GraphEdgePool(GraphLayout layout, EdgeScore score) {
        super(layout, options(Objects.requireNonNull(score, "score")));
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.GRAPH_EDGE_POOL;
    }

    /** @return what becomes of raw scores */
    public EdgeScore score() {
        return ownOption(0, EdgeScore.class);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        requireNeighbours();
        score();
        if (layout().isWeighted()) {
            throw error("weighted must be false: the edges have scores of their own, got true");
        }
    }

    @Override
    public Map<String, long[]> furtherShapes(long... nodesShape) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(WEIGHTS, new long[] {2, nodesShape[axes().channelAxis()]});
        shapes.put(BIAS, new long[] {1});
        return shapes;
    }

    @Override
    public List<String> outputNames() {
        List<String> names = new ArrayList<>(List.of("output", "cluster", "edge"));
        if (!layout().neighbourhood().isGrid()) {
            names.add("contractedEdges");
        }
        return names;
    }

    @Override
    protected DataType typeOf(String name, DataType type) {
        return outputNames().indexOf(name) > 0 ? DataType.INT64 : super.typeOf(name, type);
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        checkInputs(inputs);
        INDArray x = inputs.get(0);
        long nodes = positionsOf(x);
        long features = x.size(axes().channelAxis());
        List<long[]> shapes = new ArrayList<>();
        shapes.add(channelsLast() ? new long[] {x.size(0), nodes, features} : new long[] {x.size(0), features, nodes});
        shapes.add(new long[] {x.size(0), nodes});
        shapes.add(new long[] {x.size(0), nodes});
        if (!layout().neighbourhood().isGrid()) {
            shapes.add(array(inputs, EDGES).shape());
        }
        return shapes.toArray(new long[0][]);
    }

    /** One call: the graphs of all examples and their scores. */
    private final class Call {
        private final Temporaries temporaries;
        private final INDArray x;
        private final NodeMask mask;
        private final EdgeLists edges;
        private final NodeProjection projection;
        private final INDArray rows;
        private final ContractedGraph[] graphs;
        private final int[][] from;
        private final int[][] to;

        Call(List<INDArray> inputs, Temporaries temporaries) {
            this.temporaries = temporaries;
            x = inputs.get(0);
            mask = mask(inputs);
            edges = GraphEdgePool.this.edges(inputs, mask);
            projection = new NodeProjection(channelsLast(), array(inputs, MASK));
            rows = PlainArrays.of(array(inputs, WEIGHTS), temporaries);
            double bias = array(inputs, BIAS).getDouble(0);
            double[] projected = NodeMask.numbers(projection.forward(x, rows, mask.positions(), temporaries));
            graphs = new ContractedGraph[mask.examples()];
            from = new int[graphs.length][];
            to = new int[graphs.length][];
            int nodes = mask.positions();
            for (int i = 0; i < graphs.length; i++) {
                findEdges(i);
                graphs[i] = new ContractedGraph(score(), from[i], to[i],
                        Arrays.copyOfRange(projected, 2 * i * nodes, (2 * i + 1) * nodes),
                        Arrays.copyOfRange(projected, (2 * i + 1) * nodes, (2 * i + 2) * nodes), bias);
            }
        }

        private void findEdges(int example) {
            int neighbours = layout().neighbourhood().gridNeighbours();
            int count = edges != null ? edges.size() : Math.multiplyExact(mask.positions(), neighbours);
            from[example] = new int[count];
            to[example] = new int[count];
            Arrays.fill(to[example], -1);
            if (edges == null) {
                findGridEdges(example, neighbours);
                return;
            }
            for (int i = 0; i < count; i++) {
                int edge = example * count + i;
                if (edges.has(edge)) {
                    from[example][i] = edges.from(edge);
                    to[example][i] = edges.to(edge);
                }
            }
        }

        private void findGridEdges(int example, int neighbours) {
            int first = example * mask.positions();
            long[] spatial = axes().spatial(x.shape());
            int edge = 0;
            for (int node = 0; node < mask.positions(); node++) {
                int row = (int) (node / spatial[1]);
                int column = (int) (node % spatial[1]);
                for (int place = 0; place < 9; place++) {
                    int i = place / 3 - 1;
                    int j = place % 3 - 1;
                    if (i == 0 && j == 0 || neighbours == 4 && i != 0 && j != 0) {
                        continue;
                    }
                    boolean inside = row + i >= 0 && row + i < spatial[0] && column + j >= 0
                            && column + j < spatial[1];
                    int other = (int) (node + i * spatial[1] + j);
                    if (inside && mask.has(first + node) && mask.has(first + other)) {
                        from[example][edge] = other;
                        to[example][edge] = node;
                    }
                    edge++;
                }
            }
        }

        private boolean[] existing(int example) {
            boolean[] exists = new boolean[mask.positions()];
            for (int i = 0; i < exists.length; i++) {
                exists[i] = mask.has(example * exists.length + i);
            }
            return exists;
        }

        /** Clusters of all nodes, and edges of all clusters. */
        long[][] match() {
            int nodes = mask.positions();
            long[][] all = new long[2][graphs.length * nodes];
            for (int i = 0; i < graphs.length; i++) {
                long[] cluster = new long[nodes];
                long[] edge = new long[nodes];
                graphs[i].match(existing(i), cluster, edge);
                System.arraycopy(cluster, 0, all[0], i * nodes, nodes);
                System.arraycopy(edge, 0, all[1], i * nodes, nodes);
            }
            return all;
        }

        NodeGroups groups(long[] cluster) {
            int nodes = mask.positions();
            int[] groups = new int[cluster.length];
            Arrays.setAll(groups, i -> cluster[i] < 0 ? -1 : i / nodes * nodes + (int) cluster[i]);
            return NodeGroups.numbered(groups, groups.length, temporaries);
        }

        /** Factors of all clusters, with an axis for the features. */
        INDArray factors(long[] edge, INDArray y) {
            double[] factors = new double[edge.length];
            Arrays.setAll(factors,
                    i -> edge[i] < 0 ? 1 : graphs[i / mask.positions()].factor((int) edge[i]));
            long[] shape = y.shape().clone();
            shape[channelsLast() ? 2 : 1] = 1;
            return typed(factors, shape);
        }

        private INDArray typed(double[] numbers, long... shape) {
            return NodeMask.array(numbers, x.dataType(), temporaries, shape);
        }

        /** Edges between clusters. */
        long[] contracted(long[] cluster) {
            int count = edges.size();
            long[] result = new long[graphs.length * 2 * count];
            Arrays.fill(result, -1);
            for (int i = 0; i < graphs.length; i++) {
                int first = i * mask.positions();
                Set<Long> known = new HashSet<>();
                int next = 0;
                for (int edge = 0; edge < count; edge++) {
                    if (to[i][edge] >= 0) {
                        long a = cluster[first + from[i][edge]];
                        long b = cluster[first + to[i][edge]];
                        if (a != b && known.add(a * mask.positions() + b)) {
                            result[2 * i * count + next] = a;
                            result[(2 * i + 1) * count + next++] = b;
                        }
                    }
                }
            }
            return result;
        }

        /** Adds to the gradients, given those of the clusters' factors. */
        void backward(double[] byFactor, long[] edge, List<INDArray> gradients) {
            int nodes = mask.positions();
            double[] byPart = new double[2 * graphs.length * nodes];
            double byBias = 0;
            for (int i = 0; i < graphs.length; i++) {
                double[] byEdge = new double[to[i].length];
                for (int cluster = i * nodes; cluster < (i + 1) * nodes; cluster++) {
                    if (edge[cluster] >= 0) {
                        byEdge[(int) edge[cluster]] = byFactor[cluster];
                    }
                }
                double[] ofFrom = new double[nodes];
                double[] ofTo = new double[nodes];
                graphs[i].backward(byEdge, ofFrom, ofTo);
                System.arraycopy(ofFrom, 0, byPart, 2 * i * nodes, nodes);
                System.arraycopy(ofTo, 0, byPart, (2 * i + 1) * nodes, nodes);
                byBias += Arrays.stream(ofTo).sum();
            }
            projection.backward(
                    x, rows, typed(byPart, graphs.length, 2, nodes), gradients.get(0), array(gradients, WEIGHTS));
            array(gradients, BIAS).assign(byBias);
        }
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        PlainArrays.run(inputs, outputs, (wide, results, temporaries) -> {
            Call call = new Call(wide, temporaries);
            long[][] matched = call.match();
            INDArray y = results.get(0);
            call.groups(matched[0]).forward(axes(), Aggregator.SUM, wide.get(0), null, y);
            NetworkOp.multiply(y, call.factors(matched[1], y), y);
            assign(results.get(1), matched[0], temporaries);
            assign(results.get(2), matched[1], temporaries);
            if (call.edges != null) {
                assign(results.get(3), call.contracted(matched[0]), temporaries);
            }
        });
    }

    private static void assign(INDArray target, long[] numbers, Temporaries temporaries) {
        target.assign(NodeGroups.numbers(numbers, temporaries).reshape(target.shape()));
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        PlainArrays.run(with(inputs, outputGradient), inputGradients, (wide, gradients, temporaries) -> {
            INDArray yGradient = wide.get(inputs.size());
            Call call = new Call(wide.subList(0, inputs.size()), temporaries);
            long[] cluster = NodeMask.wholeNumbers(saved.get(0));
            long[] edge = NodeMask.wholeNumbers(saved.get(1));
            checkSaved("cluster", cluster, call.mask.positions());
            checkSaved("edge", edge, call.to[0].length);
            gradients.forEach(NodeGroups::clear);
            double[] byFactor = backwardOfProducts(call.groups(cluster), wide.get(0), call.factors(edge, yGradient),
                    yGradient, gradients.get(0), temporaries);
            call.backward(byFactor, edge, gradients);
        });
    }
}
