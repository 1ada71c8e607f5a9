// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Differentiable graph pooling (DiffPool), edges: how strongly the clusters of {@link GraphAssignmentPool} are linked.
 *
 * <pre>
 * S = softmax of the logits over the K clusters,   A' = S^T A S,   A'_ij = sum over edges v to u of w S_ui S_vj
 * </pre>
 *
 * <p>What a graph network on the clusters needs, or a network that looks at the links themselves. A is never made: the
 * work grows with the edges, not with the square of the nodes.
 *
 * <p>Inputs: the logits, nodes with K clusters for features, and the others of {@link GraphLayout}. Output {@code
 * [N,K,K]}. Exact gradients of logits and of weights of edges; types float, double, half, bfloat16.
 *
 * <p>Paper: R. Ying, J. You, C. Morris, X. Ren, W. Hamilton, J. Leskovec: "Hierarchical Graph Representation Learning
 * with Differentiable Pooling", NeurIPS 2018.
 */
public final class GraphAssignmentEdges extends AssignmentOp {

    /** For SameDiff, which fills in the arguments. */
    public GraphAssignmentEdges() {}

    /**
     * Links clusters.
     *
     * @param layout how graphs stand in arrays
     */
    public GraphAssignmentEdges(GraphLayout layout) {
        super(layout);
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.GRAPH_ASSIGNMENT_EDGES;
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        checkInputs(inputs);
        long clusters = clusters(inputs.get(0));
        return new long[][] {{inputs.get(0).size(0), clusters, clusters}};
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        PlainArrays.run(inputs, outputs, (wide, results, temporaries) -> {
            Call call = new Call(wide, temporaries);
            INDArray neighbours = call.overNeighbours(call.shares());
            for (int i = 0; i < wide.get(0).size(0); i++) {
                AttendedMap.example(results.get(0), i).assign(
                        temporaries.add(call.shares(i).transpose().mmul(AttendedMap.example(neighbours, i))));
            }
        });
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        PlainArrays.run(with(inputs, outputGradient), inputGradients, (wide, gradients, temporaries) -> {
            INDArray yGradient = PlainArrays.of(wide.get(inputs.size()), temporaries);
            Call call = new Call(wide.subList(0, inputs.size()), temporaries);
            INDArray ofRows = temporaries.like(call.shares());
            INDArray ofColumns = temporaries.like(call.shares());
            for (int i = 0; i < wide.get(0).size(0); i++) {
                INDArray gradient = AttendedMap.example(yGradient, i);
                AttendedMap.example(ofRows, i).assign(temporaries.add(call.shares(i).mmul(gradient.transpose())));
                AttendedMap.example(ofColumns, i).assign(temporaries.add(call.shares(i).mmul(gradient)));
            }
            INDArray shareGradient = call.overNeighbours(ofRows)
                    .addi(call.transposed(ofColumns, weightGradient(gradients)));
            call.backward(shareGradient, gradients.get(0));
        });
    }
}
