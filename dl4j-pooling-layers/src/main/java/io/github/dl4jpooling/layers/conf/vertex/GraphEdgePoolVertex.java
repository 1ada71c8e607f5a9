// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.EdgeScore;
import io.github.dl4jpooling.ops.GraphEdgePool;
import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Map;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * Edge contraction: neighbours become one node, pair by pair. Definition and edge cases: {@link GraphEdgePool}. Inputs:
 * {@link GraphPoolingVertex}; output: a list of clusters, as a sequence with as many places as there are nodes; those
 * behind the clusters are 0 and have no mask, since their number depends on the features.
 *
 * <p>Learns the weights of edges' scores, which start at Xavier's random values, and a bias, which starts at 0.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class GraphEdgePoolVertex extends GraphPoolingVertex {

    private EdgeScore score = EdgeScore.SOFTMAX;

    /**
     * Chooses everything.
     *
     * @param neighbourhood which nodes are neighbours
     * @param score what becomes of raw scores
     * @param region whether the last input is a region
     */
    public GraphEdgePoolVertex(Neighbourhood neighbourhood, EdgeScore score, boolean region) {
        super(neighbourhood);
        this.score = Objects.requireNonNull(score, "score");
        setRegion(region);
        op(false);
    }

    @Override
    protected PoolingOp newOp(GraphLayout layout) {
        return new GraphEdgePool(layout, score);
    }

    @Override
    public Map<String, long[]> parameterShapes() {
        return ((GraphEdgePool) op(false)).furtherShapes(knownShape());
    }

    @Override
    long[] outputShape(long[] shape, InputType... inputs) {
        return listOf(nodes(shape), shape);
    }

    @Override
    protected InputType typeOf(long... shape) {
        return list(shape);
    }
}
