// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Losses of differentiable graph pooling (DiffPool), one number a graph.
 *
 * <pre>
 * y = a |A - S S^T| + b mean_u H(S_u),   S = softmax of the logits over the K clusters
 * |M| = (sum_uv M_uv^2)^(1/2) (link prediction),   H(s) = -sum_k s_k ln s_k (entropy)
 * </pre>
 *
 * <p>The first keeps neighbours in one cluster and others apart, the second makes clusters distinct; without them
 * {@link GraphAssignmentPool} is hard to train. Neither A nor S S^T is made: |A - S S^T|^2 = |A|^2 - 2 tr(S^T A S) +
 * |S^T S|^2, which takes time that grows with edges and nodes. PyTorch Geometric divides the first by V^2 unless told
 * not to; the paper does not.
 *
 * <p>Inputs: the logits, nodes with K clusters for features, and the others of {@link GraphLayout}; edges have no
 * weights and are distinct. Output {@code [N]}. The gradient of the logits is exact; that of the first part is 0 where
 * it is 0. Types float, double, half, bfloat16. A graph without nodes gives 0. Where S S^T comes close to A the
 * difference of large numbers costs digits: in float the first part is then good to about 0.001 of the root of the
 * number of edges.
 *
 * <p>Paper: R. Ying, J. You, C. Morris, X. Ren, W. Hamilton, J. Leskovec: "Hierarchical Graph Representation Learning
 * with Differentiable Pooling", NeurIPS 2018.
 */
public final class GraphAssignmentLoss extends AssignmentOp {

    /** For SameDiff, which fills in the arguments. */
    public GraphAssignmentLoss() {}

    /**
     * Chooses the weights.
     *
     * @param layout how graphs stand in arrays
     * @param linkWeight weight a of link prediction, at least 0
     * @param entropyWeight weight b of the entropy, at least 0
     */
    public GraphAssignmentLoss(GraphLayout layout, double linkWeight, double entropyWeight) {
        super(layout, linkWeight, entropyWeight);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.GRAPH_ASSIGNMENT_LOSS;
    }

    /** @return weight of link prediction */
    public double linkWeight() {
        return realOption(0, "linkWeight", 0, Double.MAX_VALUE);
    }

    /** @return weight of the entropy */
    public double entropyWeight() {
        return realOption(1, "entropyWeight", 0, Double.MAX_VALUE);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        linkWeight();
        entropyWeight();
        if (layout().isWeighted()) {
            throw error("weighted must be false: the edges of this loss have no weights, got true");
        }
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        checkInputs(inputs);
        return new long[][] {{inputs.get(0).size(0)}};
    }

    /** Losses of the graphs of a call. */
    private final class Losses {
        private final Call call;
        private final Temporaries temporaries;
        private final INDArray neighbours;

        Losses(List<INDArray> inputs, Temporaries temporaries) {
            this.temporaries = temporaries;
            call = new Call(inputs, temporaries);
            if (call.edges() != null) {
                try {
                    call.edges().requireDistinct();
                } catch (IllegalArgumentException e) {
                    throw error(e.getMessage());
                }
            }
            neighbours = call.overNeighbours(call.shares());
        }

        private INDArray products(int example) {
            INDArray shares = call.shares(example);
            return temporaries.add(shares.transpose().mmul(shares));
        }

        private double link(int example, INDArray products) {
            double edges = call.edges() == null ? gridEdges(example) : call.edges().count(example);
            double both = dot(call.shares(example), AttendedMap.example(neighbours, example));
            return Math.sqrt(Math.max(0, edges - 2 * both + dot(products, products)));
        }

        private double dot(INDArray a, INDArray b) {
            double[] x = NodeMask.numbers(a);
            double[] y = NodeMask.numbers(b);
            double sum = 0;
            for (int i = 0; i < x.length; i++) {
                sum += x[i] * y[i];
            }
            return sum;
        }

        private int gridEdges(int example) {
            NodeMask nodes = call.nodes();
            INDArray x = call.logits();
            int width = (int) axes().spatial(x.shape())[1];
            boolean diagonal = layout().neighbourhood() == Neighbourhood.GRID_8;
            int pairs = 0;
            for (int i = 0; i < nodes.positions(); i++) {
                int node = example * nodes.positions() + i;
                boolean below = i + width < nodes.positions();
                boolean right = i % width + 1 < width;
                boolean left = i % width > 0;
                pairs += right && nodes.has(node) && nodes.has(node + 1) ? 1 : 0;
                pairs += below && nodes.has(node) && nodes.has(node + width) ? 1 : 0;
                pairs += diagonal && below && right && nodes.has(node) && nodes.has(node + width + 1) ? 1 : 0;
                pairs += diagonal && below && left && nodes.has(node) && nodes.has(node + width - 1) ? 1 : 0;
            }
            return 2 * pairs;
        }

        private double entropy(double[] shares) {
            double sum = 0;
            for (double share : shares) {
                sum -= share == 0 ? 0 : share * Math.log(share);
            }
            return sum;
        }

        double[] values() {
            double[] values = new double[call.nodes().examples()];
            for (int i = 0; i < values.length; i++) {
                int count = call.nodes().count(i);
                if (count > 0) {
                    values[i] = (linkWeight() == 0 ? 0 : linkWeight() * link(i, products(i)))
                            + (entropyWeight() == 0 ? 0
                                    : entropyWeight() * entropy(NodeMask.numbers(call.shares(i))) / count);
                }
            }
            return values;
        }

        void backward(double[] gradients, INDArray logitGradient) {
            INDArray shares = call.shares();
            INDArray both = call.transposed(shares, null).addi(neighbours);
            INDArray shareGradient = temporaries.like(shares).assign(0);
            for (int i = 0; i < gradients.length; i++) {
                int count = call.nodes().count(i);
                INDArray target = AttendedMap.example(shareGradient, i);
                INDArray products = products(i);
                double link = linkWeight() == 0 ? 0 : link(i, products);
                if (link != 0) {
                    target.addi(temporaries.add(call.shares(i).mmul(products))).muli(2)
                            .subi(AttendedMap.example(both, i)).muli(gradients[i] * linkWeight() / link);
                }
                if (count > 0 && entropyWeight() != 0) {
                    addEntropy(target, NodeMask.numbers(call.shares(i)), gradients[i] * entropyWeight() / count);
                }
            }
            call.backward(shareGradient, logitGradient);
        }

        /** By shares of 0 the slope is infinite, by their logits it is 0: any number is right. */
        private void addEntropy(INDArray target, double[] shares, double factor) {
            double[] slopes = new double[shares.length];
            for (int i = 0; i < shares.length; i++) {
                slopes[i] = shares[i] == 0 ? 0 : -factor * (Math.log(shares[i]) + 1);
            }
            target.addi(NodeMask.array(slopes, target.dataType(), temporaries, target.shape()));
        }
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        PlainArrays.run(inputs, outputs, (wide, results, temporaries) -> {
            INDArray y = results.get(0);
            double[] values = new Losses(wide, temporaries).values();
            y.assign(NodeMask.array(values, y.dataType(), temporaries, y.shape()));
        });
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        PlainArrays.run(with(inputs, outputGradient), inputGradients, (wide, gradients, temporaries) -> new Losses(
                wide.subList(0, inputs.size()), temporaries)
                        .backward(NodeMask.numbers(wide.get(inputs.size())), gradients.get(0)));
    }
}
