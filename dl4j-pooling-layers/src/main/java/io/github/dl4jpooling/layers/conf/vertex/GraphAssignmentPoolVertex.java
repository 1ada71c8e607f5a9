// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.GraphAssignmentPool;
import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.List;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * Differentiable graph pooling (DiffPool): nodes are gathered in soft clusters. Definition and edge cases: {@link
 * GraphAssignmentPool}. Inputs: nodes, logits with clusters for features, and a region where there is one; output: a
 * list of clusters, as a sequence.
 *
 * <pre>{@code
 * .addLayer("logits", new ConvolutionLayer.Builder(1, 1).nOut(4).build(), "smoothed")
 * .addVertex("clusters", new GraphAssignmentPoolVertex(Neighbourhood.GRID_8, true), "map", "logits", "region")
 * .addVertex("losses", new GraphAssignmentLossVertex(Neighbourhood.GRID_8, 1, 0.1, true), "logits", "region")
 * .addLayer("auxiliary", new AuxiliaryLoss(0.01), "losses")
 * .addVertex("pooled", new AttachVertex(), "clusters", "auxiliary")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class GraphAssignmentPoolVertex extends GraphPoolingVertex {

    /**
     * Chooses everything.
     *
     * @param neighbourhood whether nodes are the positions of images or lists; which of them are neighbours does not
     *     matter
     * @param region whether the last input is a region
     */
    public GraphAssignmentPoolVertex(Neighbourhood neighbourhood, boolean region) {
        super(neighbourhood);
        setRegion(region);
    }

    @Override
    protected PoolingOp newOp(GraphLayout layout) {
        return new GraphAssignmentPool(
                layout.neighbourhood().dimensions(), layout.channelsLast(), layout.isMasked());
    }

    @Override
    protected List<String> pooledNames() {
        return List.of("input", "logits");
    }

    @Override
    boolean takesEdges() {
        return false;
    }

    @Override
    long[] outputShape(long[] shape, InputType... inputs) {
        return listOf(features(inputs[1]), shape);
    }

    @Override
    protected InputType typeOf(long... shape) {
        return list(shape);
    }
}
