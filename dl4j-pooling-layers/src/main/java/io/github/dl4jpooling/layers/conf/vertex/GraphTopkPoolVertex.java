// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.GraphTopkPool;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.NodeScore;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.ScoreGate;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Top-k and self-attention graph pooling: the nodes with the largest scores stay. Definition and edge cases: {@link
 * GraphTopkPool}. Inputs: {@link GraphPoolingVertex}, for {@link NodeScore#GIVEN} behind the nodes their scores, with
 * one channel; output: a list of nodes, as a sequence, for which DL4J's mask, where there is one, is cut too.
 *
 * <p>Learns the weights of its scores, which start at Xavier's random values, and for {@link NodeScore#CONVOLUTION} a
 * bias, which starts at 0.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class GraphTopkPoolVertex extends GraphPoolingVertex {

    private NodeScore score = NodeScore.PROJECTION;
    private ScoreGate gate = ScoreGate.TANH;
    private double ratio = 0.5;

    /**
     * Chooses everything.
     *
     * @param neighbourhood which nodes are neighbours
     * @param score where scores come from
     * @param gate what nodes are multiplied by
     * @param ratio share of the nodes that stay, above 0, at most 1
     * @param region whether the last input is a region
     */
    public GraphTopkPoolVertex(
            Neighbourhood neighbourhood, NodeScore score, ScoreGate gate, double ratio, boolean region) {
        super(neighbourhood);
        this.score = Objects.requireNonNull(score, "score");
        this.gate = Objects.requireNonNull(gate, "gate");
        this.ratio = ratio;
        setRegion(region);
        op(false);
    }

    @Override
    protected PoolingOp newOp(GraphLayout layout) {
        return new GraphTopkPool(layout, score, gate, ratio);
    }

    private GraphTopkPool op() {
        return (GraphTopkPool) op(false);
    }

    @Override
    protected List<String> pooledNames() {
        return score == NodeScore.GIVEN ? List.of("input", "score") : List.of("input");
    }

    @Override
    public Map<String, long[]> parameterShapes() {
        return score == NodeScore.GIVEN ? Map.of() : op().furtherShapes(knownShape());
    }

    @Override
    @SuppressWarnings("try") // closing is all that the resource is for
    public INDArray pooledMask(INDArray mask) {
        long nodes = Arrays.stream(mask.shape()).skip(1).reduce(1, (a, b) -> a * b);
        try (MemoryWorkspace outside = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            if (mask.isEmpty()) {
                return Nd4j.create(mask.dataType(), mask.size(0), op().kept(nodes));
            }
            INDArray flat = mask.dup('c').reshape(mask.size(0), nodes);
            INDArray result = Nd4j.zeros(mask.dataType(), mask.size(0), op().kept(nodes));
            for (int i = 0; i < mask.size(0); i++) {
                int kept = op().kept(flat.getRow(i).neq(0).castTo(mask.dataType()).sumNumber().longValue());
                for (int j = 0; j < kept; j++) {
                    result.putScalar(i, j, 1);
                }
            }
            return result;
        }
    }

    @Override
    long[] outputShape(long[] shape, InputType... inputs) {
        return listOf(op().kept(nodes(shape)), shape);
    }

    @Override
    protected InputType typeOf(long... shape) {
        return list(shape);
    }
}
