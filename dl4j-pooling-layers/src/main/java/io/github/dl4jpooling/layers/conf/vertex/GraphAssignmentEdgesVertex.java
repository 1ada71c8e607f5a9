// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.GraphAssignmentEdges;
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
 * Differentiable graph pooling (DiffPool): how strongly soft clusters are linked. Definition and edge cases: {@link
 * GraphAssignmentEdges}. Inputs: the logits, and those of {@link GraphPoolingVertex} behind the nodes; output: the K
 * times K links as feed forward.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class GraphAssignmentEdgesVertex extends GraphPoolingVertex {

    /**
     * Chooses everything.
     *
     * @param neighbourhood which nodes are neighbours
     * @param region whether the last input is a region
     */
    public GraphAssignmentEdgesVertex(Neighbourhood neighbourhood, boolean region) {
        super(neighbourhood);
        setRegion(region);
        op(false);
    }

    @Override
    protected PoolingOp newOp(GraphLayout layout) {
        return new GraphAssignmentEdges(layout);
    }

    @Override
    public long[] vertexShape(long... shape) {
        return new long[] {shape[0], shape[1] * shape[2]};
    }

    @Override
    long[] outputShape(long[] shape, InputType... inputs) {
        return new long[] {shape[0], shape[featureAxis()] * shape[featureAxis()]};
    }

    @Override
    protected InputType typeOf(long... shape) {
        return InputType.feedForward(shape[1]);
    }
}
