// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Differentiable graph pooling (DiffPool), features: nodes are gathered in clusters, softly.
 *
 * <pre>
 * S = softmax of the logits over the K clusters,   X' = S^T X
 * </pre>
 *
 * <p>Learns parts: which nodes belong together is learned by way of the logits, which a network makes of the nodes, a
 * graph network as a rule. The edges between the clusters: {@link GraphAssignmentEdges}; losses that keep neighbours
 * together and make clusters distinct, without which it often learns little: {@link GraphAssignmentLoss}. Not the right
 * choice for large K: the work grows with V K F.
 *
 * <p>Inputs: input, nodes with F features, and logits, the same nodes with K clusters for features, in the same order
 * of axes: {@code [N,F,V]} and {@code [N,K,V]} or {@code [N,F,H,W]} and {@code [N,K,H,W]}, or channels last; with a
 * mask, {@code [N,V]} or {@code [N,H,W]}, nodes where it is 0 have no part. Output {@code [N,F,K]} (or {@code
 * [N,K,F]}). Exact gradients of both; types float, double, half, bfloat16. A graph without nodes gives 0.
 *
 * <p>Paper: R. Ying, J. You, C. Morris, X. Ren, W. Hamilton, J. Leskovec: "Hierarchical Graph Representation Learning
 * with Differentiable Pooling", NeurIPS 2018.
 */
public final class GraphAssignmentPool extends MapOp {

    private static final String LOGITS = "logits";

    /** For SameDiff, which fills in the arguments. */
    public GraphAssignmentPool() {}

    /**
     * Chooses everything.
     *
     * @param dimensions spatial axes: 1 for lists of nodes, 2 for images
     * @param channelsLast whether the features are the last axis
     * @param masked whether there is a mask
     */
    public GraphAssignmentPool(int dimensions, boolean channelsLast, boolean masked) {
        super(channelsLast, options(dimensions, masked));
        checkOptions();
    }

    @Override
    public PoolingOperator operator() {
        return PoolingOperator.GRAPH_ASSIGNMENT_POOL;
    }

    @Override
    protected int dimensions() {
        return (int) option(0, "dimensions", 1, 2);
    }

    /** @return whether there is a mask */
    public boolean isMasked() {
        return option(1, "masked", 0, 1) == 1;
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        isMasked();
    }

    @Override
    public List<String> inputNames() {
        return isMasked()
                ? List.of("input", LOGITS, GraphOp.MASK)
                : List.of("input", LOGITS);
    }

    @Override
    public int differentiableInputs() {
        return 2;
    }

    @Override
    protected long[][] shapes(List<INDArray> inputs) {
        long[] shape = inputs.get(0).shape();
        long[] logits = inputs.get(1).shape();
        long[] spatial = spatialSizes(shape);
        int axis = axes().channelAxis();
        long[] expected = shape.clone();
        if (logits.length == shape.length) {
            expected[axis] = Math.max(1, logits[axis]);
        }
        checkShape(LOGITS, inputs.get(1), expected);
        if (isMasked()) {
            checkShape(GraphOp.MASK, inputs.get(2), GraphAggregatePool.withoutFeatures(shape[0], spatial));
        }
        long[] result = {shape[0], shape[axis], logits[axis]};
        return new long[][] {channelsLast() ? new long[] {result[0], result[2], result[1]} : result};
    }

    private NodeAssignment assignment(List<INDArray> inputs, Temporaries temporaries) {
        long positions = positions(axes().spatial(inputs.get(0).shape()));
        return new NodeAssignment(inputs.get(1), mask(inputs), channelsLast(), positions, temporaries);
    }

    private INDArray mask(List<INDArray> inputs) {
        return isMasked() ? inputs.get(2) : null;
    }

    private INDArray featuresFirst(INDArray clusters) {
        return channelsLast() ? clusters.transpose() : clusters;
    }

    /** Features by nodes that exist. */
    private AttendedMap nodes(List<INDArray> inputs, int example) {
        return new AttendedMap(inputs.get(0), mask(inputs), example, channelsLast());
    }

    /** The shares of these nodes, clusters by nodes. */
    private AttendedMap shares(List<INDArray> inputs, INDArray shares, int example) {
        return new AttendedMap(shares, mask(inputs), example, true);
    }

    @Override
    protected void forward(List<INDArray> inputs, List<INDArray> outputs) {
        PlainArrays.run(inputs, outputs, (wide, results, temporaries) -> {
            NodeAssignment assignment = assignment(wide, temporaries);
            for (int i = 0; i < wide.get(0).size(0); i++) {
                INDArray target = featuresFirst(AttendedMap.example(results.get(0), i));
                AttendedMap nodes = nodes(wide, i);
                if (nodes.isEmpty()) {
                    target.assign(0);
                    continue;
                }
                try (Temporaries ofExample = new Temporaries()) {
                    INDArray shares = shares(wide, assignment.shares(), i).values(ofExample);
                    target.assign(ofExample.add(nodes.values(ofExample).mmul(shares.transpose())));
                }
            }
        });
    }

    @Override
    protected void backward(
            List<INDArray> inputs, List<INDArray> saved, INDArray outputGradient, List<INDArray> inputGradients) {
        List<INDArray> all = new ArrayList<>(inputs);
        all.add(outputGradient);
        PlainArrays.run(all, inputGradients, (wide, gradients, temporaries) -> {
            INDArray yGradient = PlainArrays.of(wide.get(wide.size() - 1), temporaries);
            NodeAssignment assignment = assignment(wide, temporaries);
            INDArray shareGradient = temporaries.like(assignment.shares()).assign(0);
            for (int i = 0; i < wide.get(0).size(0); i++) {
                AttendedMap nodes = nodes(wide, i);
                INDArray target = AttendedMap.example(gradients.get(0), i);
                if (nodes.isEmpty()) {
                    target.assign(0);
                    continue;
                }
                try (Temporaries ofExample = new Temporaries()) {
                    INDArray gradient = featuresFirst(AttendedMap.example(yGradient, i));
                    AttendedMap shares = shares(wide, assignment.shares(), i);
                    nodes.writeGradient(ofExample.add(gradient.mmul(shares.values(ofExample))), target);
                    shares.writeGradient(ofExample.add(gradient.transpose().mmul(nodes.values(ofExample))),
                            AttendedMap.example(shareGradient, i));
                }
            }
            assignment.backward(shareGradient, gradients.get(1));
        });
    }
}
