// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.GraphNeighbourPool;
import io.github.dl4jpooling.ops.NeighbourNormalisation;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pooling over the neighbours of each node. Definition and edge cases: {@link GraphNeighbourPool}. Inputs: {@link
 * GraphPoolingVertex}; output: like the nodes, with their mask.
 *
 * <p>With a convolution of size 1 behind or before it, a graph convolution.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class GraphNeighbourPoolVertex extends GraphPoolingVertex {

    private NeighbourNormalisation normalisation = NeighbourNormalisation.MEAN;
    private double selfWeight = 1;
    private double bandwidth;

    /**
     * The mean of each node and its neighbours.
     *
     * @param neighbourhood which nodes are neighbours
     * @param region whether the last input is a region
     */
    public GraphNeighbourPoolVertex(Neighbourhood neighbourhood, boolean region) {
        this(neighbourhood, NeighbourNormalisation.MEAN, 1, 0, region);
    }

    /**
     * Chooses everything.
     *
     * @param neighbourhood which nodes are neighbours
     * @param normalisation what sums are divided by
     * @param selfWeight weight of the node itself, at least 0
     * @param bandwidth of the weights of a grid; 0 for weights of 1
     * @param region whether the last input is a region
     */
    public GraphNeighbourPoolVertex(Neighbourhood neighbourhood, NeighbourNormalisation normalisation,
            double selfWeight, double bandwidth, boolean region) {
        super(neighbourhood);
        this.normalisation = Objects.requireNonNull(normalisation, "normalisation");
        this.selfWeight = selfWeight;
        this.bandwidth = bandwidth;
        setRegion(region);
        op(false);
    }

    @Override
    protected PoolingOp newOp(GraphLayout layout) {
        return new GraphNeighbourPool(layout, normalisation, selfWeight, bandwidth);
    }

    @Override
    public INDArray pooledMask(INDArray mask) {
        return mask;
    }

    @Override
    long[] outputShape(long[] shape, InputType... inputs) {
        return shape;
    }

    @Override
    protected InputType typeOf(long... shape) {
        return sameNodes(shape);
    }
}
