// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An op on the edges and the shares that clusters have in nodes, made of logits, the first input. */
public abstract class AssignmentOp extends GraphOp {

    /** Shares are nodes in this order of axes. */
    static final MapAxes LIST = new MapAxes(1, true);

    /** For SameDiff, which fills in the arguments. */
    AssignmentOp() {}

    AssignmentOp(GraphLayout layout, double... realOptions) {
        super(layout, new long[0], realOptions);
    }

    @Override
    protected void checkOptions() {
        super.checkOptions();
        requireNeighbours();
    }

    /** Number of clusters. */
    final long clusters(INDArray logits) {
        return logits.size(axes().channelAxis());
    }

    /** One call: shares, and sums of them over neighbours. */
    final class Call {
        private final List<INDArray> inputs;
        private final Temporaries temporaries;
        private final NodeMask mask;
        private final EdgeLists edges;
        private final NodeAssignment assignment;
        private final NeighbourSums sums;

        Call(List<INDArray> inputs, Temporaries temporaries) {
            this.inputs = inputs;
            this.temporaries = temporaries;
            mask = AssignmentOp.this.mask(inputs);
            edges = AssignmentOp.this.edges(inputs, mask);
            assignment = new NodeAssignment(
                    inputs.get(0), array(inputs, MASK), channelsLast(), mask.positions(), temporaries);
            sums = AssignmentOp.this.sums(inputs, mask, edges, temporaries);
        }

        INDArray logits() {
            return inputs.get(0);
        }

        NodeMask nodes() {
            return mask;
        }

        EdgeLists edges() {
            return edges;
        }

        INDArray shares() {
            return assignment.shares();
        }

        INDArray shares(int example) {
            return assignment.shares(example);
        }

        /** The shares with the axes of a grid, where the nodes are one: a view. */
        private INDArray onGrid(INDArray list) {
            if (!layout().neighbourhood().isGrid()) {
                return list;
            }
            long[] spatial = axes().spatial(inputs.get(0).shape());
            return list.reshape('c', list.size(0), spatial[0], spatial[1], list.size(2));
        }

        private MapAxes order() {
            return layout().neighbourhood().isGrid() ? new MapAxes(2, true) : LIST;
        }

        /** A times an array like the shares, in a new one. */
        INDArray overNeighbours(INDArray list) {
            INDArray result = temporaries.like(list);
            sums.forward(order(), onGrid(list), onGrid(result));
            return result;
        }

        /** The transposed A times an array like the shares, and gradients of the weights, if any. */
        INDArray transposed(INDArray gradient, INDArray weightGradient) {
            INDArray result = temporaries.like(gradient);
            sums.backward(order(), onGrid(shares()), onGrid(gradient), onGrid(result), weightGradient);
            return result;
        }

        /** Gradient of the logits. */
        void backward(INDArray shareGradient, INDArray logitGradient) {
            assignment.backward(shareGradient, logitGradient);
        }
    }
}
