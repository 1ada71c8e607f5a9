// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.GraphAssignmentLoss;
import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.PoolingOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * Losses of differentiable graph pooling (DiffPool), one number an example. Definition and edge cases: {@link
 * GraphAssignmentLoss}. Inputs: the logits, and those of {@link GraphPoolingVertex} behind the nodes. To train with
 * them, an {@link io.github.dl4jpooling.layers.conf.AuxiliaryLoss} goes behind it.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class GraphAssignmentLossVertex extends GraphPoolingVertex {

    private double linkWeight = 1;
    private double entropyWeight = 1;

    /**
     * Chooses everything.
     *
     * @param neighbourhood which nodes are neighbours
     * @param linkWeight weight of link prediction, at least 0
     * @param entropyWeight weight of the entropy, at least 0
     * @param region whether the last input is a region
     */
    public GraphAssignmentLossVertex(
            Neighbourhood neighbourhood, double linkWeight, double entropyWeight, boolean region) {
        super(neighbourhood);
        this.linkWeight = linkWeight;
        this.entropyWeight = entropyWeight;
        setRegion(region);
        op(false);
    }

    @Override
    protected PoolingOp newOp(GraphLayout layout) {
        return new GraphAssignmentLoss(layout, linkWeight, entropyWeight);
    }

    @Override
    public long[] vertexShape(long... shape) {
        return new long[] {shape[0], 1};
    }

    @Override
    long[] outputShape(long[] shape, InputType... inputs) {
        return new long[] {shape[0], 1};
    }

    @Override
    protected InputType typeOf(long... shape) {
        return InputType.feedForward(1);
    }
}
