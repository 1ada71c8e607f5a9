// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Top-k and self-attention graph pooling: the nodes with the largest scores stay, times a gate of their score.
 *
 * <pre>
 * PROJECTION    s_u = w x_u / |w|                                   (Graph U-Nets)
 * CONVOLUTION   s_u = b + sum_v A_uv w x_v,   A = D^-1/2 (A0 + I) D^-1/2    (SAGPool)
 * y_j = gate(s_i) x_i,   i the j-th of the k = ceil(ratio V) nodes with the largest scores
 * </pre>
 *
 * <p>A0 are the edges with their weights, or those of the grid; gates: {@link ScoreGate}, in SAGPool and PyTorch
 * Geometric the hyperbolic tangent, in Graph U-Nets the logistic function. Thins a graph, or an irregular region of an
 * image, out to its most telling nodes and keeps their features; the scores are learned by way of the gate. Not the
 * right choice where the whole counts: most nodes are thrown away, and get a gradient through neither gate nor value.
 *
 * <p>Inputs: see {@link GraphLayout}; PROJECTION: weights [F]; CONVOLUTION: weights [F] and bias [1]; GIVEN: score,
 * shape of a mask. Output {@code [N,F,K]} (or {@code [N,K,F]}) with K = ceil(ratio V) for the V nodes of the array, in
 * the order in which nodes stand there, not by score; a second output "index", INT64 {@code [N,K]}, says which they
 * are, counted in their example. A graph with n nodes that exist keeps ceil(ratio n); what is missing to K is 0 with
 * index -1. Of equal scores the first stay; a NaN counts as larger than every number. Of |w| = 0 all scores are 0.
 *
 * <p>Gradients are exact for the nodes that were chosen, like those of a maximum. Scores are those of the type; the
 * choice, which is made on the host, and the gate are computed in double. Types float, double, half, bfloat16.
 *
 * <p>Papers: H. Gao, S. Ji: "Graph U-Nets", ICML 2019; J. Lee, I. Lee, J. Kang: "Self-Attention Graph Pooling", ICML
 * 2019.
 */
public final class GraphTopkPool extends GraphOp {

    private static final String WEIGHTS = "weights";
    private static final String BIAS = "bias";
    private static final double EXACT = 1e-9; // of a share that is meant to be whole

    /** For SameDiff, which fills in the arguments. */
    public GraphTopkPool() {}

    /**
     * Chooses everything.
     *
     * @param layout how graphs stand in arrays
     * @param score where scores come from
     * @param gate what nodes are multiplied by
     * @param ratio share of the nodes that stay, above 0, at most 1
     */
    public GraphTopkPool(GraphLayout layout, NodeScore score, ScoreGate gate, double ratio) {
        super(layout, options(Objects.requireNonNull(score, "score"), Objects.requireNonNull(gate, "gate")), ratio);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.GRAPH_TOPK_POOL;
    }

    /** @return where scores come from */
    public NodeScore score() {
        return ownOption(0, NodeScore.class);
    }

    /** @return what nodes are multiplied by */
    public ScoreGate gate() {
        return ownOption(1, ScoreGate.class);
    }

    /** @return share of the nodes that stay */
    public double ratio() {
        return realOption(0, "ratio", Double.MIN_NORMAL, 1);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        gate();
        ratio();
        if (score() == NodeScore.CONVOLUTION) {
            requireNeighbours();
        } else if (layout().isWeighted()) {
            throw error("weighted must be false: scores of " + score() + " do not depend on edges, got true");
        }
    }

    /**
     * Number of nodes that stay.
     *
     * @param nodes number of nodes
     * @return how many of them stay
     */
    public int kept(long nodes) {
        return (int) Math.ceil(ratio() * nodes - EXACT);
    }

    @Override
    public Map<String, long[]> furtherShapes(long... nodesShape) {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        if (score() == NodeScore.GIVEN) {
            shapes.put("score", nodeShape(nodesShape));
            return shapes;
        }
        shapes.put(WEIGHTS, new long[] {nodesShape[axes().channelAxis()]});
        if (score() == NodeScore.CONVOLUTION) {
            shapes.put(BIAS, new long[] {1});
        }
        return shapes;
    }

    @Override
    public List<String> outputNames() {
        return List.of("output", INDEX);
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        checkInputs(inputs);
        INDArray x = inputs.get(0);
        long kept = kept(positionsOf(x));
        long features = x.size(axes().channelAxis());
        long[] shape = channelsLast() ? new long[] {x.size(0), kept, features} : new long[] {x.size(0), features, kept};
        return new long[][] {shape, {x.size(0), kept}};
    }

    /** Scores of all nodes and what is needed to find their gradients. */
    private final class Scores {
        private final List<INDArray> inputs;
        private final Temporaries temporaries;
        private final NodeMask mask;
        private final INDArray x;
        private final NodeProjection projection;
        private final INDArray rows; // [1,F]
        private final INDArray projected; // [N,1,V]
        private final double length; // of the weights
        private final NeighbourSums sums;
        private final double[] values;

        Scores(List<INDArray> inputs, Temporaries temporaries) {
            this.inputs = inputs;
            this.temporaries = temporaries;
            mask = mask(inputs);
            x = inputs.get(0);
            projection = new NodeProjection(channelsLast(), array(inputs, MASK));
            if (score() == NodeScore.GIVEN) {
                rows = null;
                projected = null;
                length = 1;
                sums = null;
                values = NodeMask.numbers(array(inputs, "score"));
                return;
            }
            INDArray weights = PlainArrays.of(array(inputs, WEIGHTS), temporaries);
            rows = weights.reshape(1, weights.length());
            length = score() == NodeScore.PROJECTION ? weights.norm2Number().doubleValue() : 1;
            projected = projection.forward(x, rows, mask.positions(), temporaries);
            if (score() == NodeScore.PROJECTION) {
                sums = null;
                values = NodeMask.numbers(projected);
                Arrays.setAll(values, i -> length == 0 ? 0 : values[i] / length);
                return;
            }
            INDArray planes = planes(projected, mask);
            sums = sums(inputs, mask, edges(inputs, mask), temporaries)
                    .normalised(NeighbourNormalisation.SYMMETRIC, 1, 0);
            INDArray convolved = temporaries.like(planes);
            sums.forward(axesOf(planes), planes, convolved);
            values = NodeMask.numbers(convolved);
            double bias = array(inputs, BIAS).getDouble(0);
            Arrays.setAll(values, i -> values[i] + bias);
        }

        private MapAxes axesOf(INDArray planes) {
            return new MapAxes(planes.rank() - 2, false);
        }

        /** One channel with the spatial axes of the nodes. */
        private INDArray planes(INDArray list, NodeMask nodes) {
            long[] spatial = axes().spatial(x.shape());
            long[] shape = new long[spatial.length + 2];
            shape[0] = nodes.examples();
            shape[1] = 1;
            System.arraycopy(spatial, 0, shape, 2, spatial.length);
            return list.reshape('c', shape);
        }

        /** The chosen nodes, counted in their example, in rising order; -1 behind them. */
        long[] choose() {
            int kept = kept(mask.positions());
            long[] index = new long[mask.examples() * kept];
            Arrays.fill(index, -1);
            for (int example = 0; example < mask.examples(); example++) {
                int first = example * mask.positions();
                int[] nodes = existing(first);
                Integer[] order = Arrays.stream(nodes).boxed().toArray(Integer[]::new);
                Arrays.sort(order, (a, b) -> Double.compare(values[b] + 0.0, values[a] + 0.0)); // stable; -0 is 0
                int count = kept(nodes.length);
                int[] chosen = Arrays.stream(order).limit(count).mapToInt(node -> node - first).sorted().toArray();
                for (int i = 0; i < count; i++) {
                    index[example * kept + i] = chosen[i];
                }
            }
            return index;
        }

        private int[] existing(int first) {
            int[] nodes = new int[mask.positions()];
            int count = 0;
            for (int node = first; node < first + nodes.length; node++) {
                if (mask.has(node)) {
                    nodes[count++] = node;
                }
            }
            return Arrays.copyOf(nodes, count);
        }

        /** Adds to the gradients of the inputs, given those of the scores. */
        void backward(double[] gradient, List<INDArray> gradients) {
            if (score() == NodeScore.GIVEN) {
                gradients.get(1).addi(typed(gradient, gradients.get(1).shape()));
                return;
            }
            INDArray ofProjected;
            INDArray rowGradient = temporaries.like(rows).assign(0);
            if (score() == NodeScore.PROJECTION) {
                double[] scaled = gradient.clone();
                Arrays.setAll(scaled, i -> length == 0 ? 0 : gradient[i] / length);
                ofProjected = typed(scaled, projected.shape());
                projection.backward(x, rows, ofProjected, gradients.get(0), rowGradient);
                double along = 0;
                for (int i = 0; i < gradient.length; i++) {
                    along += gradient[i] == 0 ? 0 : gradient[i] * values[i];
                }
                if (length != 0) {
                    rowGradient.subi(temporaries.add(rows.mul(along / length / length)));
                }
            } else {
                INDArray planes = planes(projected, mask);
                INDArray ofPlanes = temporaries.like(planes);
                sums.backward(axesOf(planes), planes, planes(typed(gradient, projected.shape()), mask), ofPlanes,
                        weightGradient(gradients));
                projection.backward(x, rows, ofPlanes.reshape('c', projected.shape()), gradients.get(0), rowGradient);
                array(gradients, BIAS).assign(Arrays.stream(gradient).sum());
            }
            array(gradients, WEIGHTS).assign(rowGradient.reshape(rows.length()));
        }

        private INDArray typed(double[] numbers, long... shape) {
            return NodeMask.array(numbers, x.dataType(), temporaries, shape);
        }
    }

    private long[] countedThroughAll(long[] index, long kept, long positions) {
        long[] nodes = index.clone();
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = index[i] < 0 ? -1 : index[i] + i / kept * positions;
        }
        return nodes;
    }

    private MapAxes list() {
        return new MapAxes(1, channelsLast());
    }

    /** Gates of the chosen nodes, 0 where there is none. */
    private double[] gates(Scores scores, long[] nodes) {
        return Arrays.stream(nodes).mapToDouble(node -> node < 0 ? 0 : gate().value(scores.values[(int) node]))
                .toArray();
    }

    /** One number for each chosen node, with an axis for the features. */
    private INDArray overFeatures(Scores scores, double[] numbers, INDArray y) {
        long[] shape = y.shape().clone();
        shape[list().channelAxis()] = 1;
        return scores.typed(numbers, shape);
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        PlainArrays.run(inputs, outputs, (wide, results, temporaries) -> {
            Scores scores = new Scores(wide, temporaries);
            long[] index = scores.choose();
            INDArray y = results.get(0);
            long[] nodes = countedThroughAll(index, results.get(1).size(1), scores.mask.positions());
            NodeGroups.single(nodes, temporaries).forward(axes(), Aggregator.SUM, wide.get(0), null, y);
            NetworkOp.multiply(y, overFeatures(scores, gates(scores, nodes), y), y);
            results.get(1).assign(NodeGroups.numbers(index, temporaries).reshape(results.get(1).shape()));
        });
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        PlainArrays.run(with(inputs, outputGradient), inputGradients, (wide, gradients, temporaries) -> {
            INDArray yGradient = wide.get(inputs.size());
            Scores scores = new Scores(wide.subList(0, inputs.size()), temporaries);
            long[] index = NodeMask.wholeNumbers(saved.get(0));
            checkSaved(INDEX, index, scores.mask.positions());
            long[] nodes = countedThroughAll(index, saved.get(0).size(1), scores.mask.positions());
            double[] gates = gates(scores, nodes);
            gradients.forEach(NodeGroups::clear);
            double[] byGate = backwardOfProducts(NodeGroups.single(nodes, temporaries), wide.get(0),
                    overFeatures(scores, gates, yGradient), yGradient, gradients.get(0), temporaries);
            double[] byScore = new double[scores.values.length];
            for (int i = 0; i < nodes.length; i++) {
                if (nodes[i] >= 0) {
                    byScore[(int) nodes[i]] = byGate[i] * gate().slope(gates[i]);
                }
            }
            scores.backward(byScore, gradients);
        });
    }
}
