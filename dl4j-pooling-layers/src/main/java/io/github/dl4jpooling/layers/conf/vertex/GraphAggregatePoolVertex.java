// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.Aggregator;
import io.github.dl4jpooling.ops.GraphAggregatePool;
import io.github.dl4jpooling.ops.GraphLayout;
import io.github.dl4jpooling.ops.Neighbourhood;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Graph readout: the nodes that exist become one, feature by feature. Definition and edge cases: {@link
 * GraphAggregatePool}. Inputs: {@link GraphPoolingVertex}; output: feed forward.
 *
 * <pre>{@code
 * .addVertex("object", new GraphAggregatePoolVertex(Neighbourhood.GRID_4, Aggregator.SOFTMAX, true), "map", "region")
 * }</pre>
 *
 * <p>Learns the temperature of SOFTMAX or the power of POWER_MEAN, which start at 1.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class GraphAggregatePoolVertex extends GraphPoolingVertex {

    private Aggregator aggregator = Aggregator.MEAN;

    /**
     * Chooses everything.
     *
     * @param neighbourhood whether nodes are the positions of images or lists; which of them are neighbours does not
     *     matter
     * @param aggregator how nodes become one
     * @param region whether the last input is a region
     */
    public GraphAggregatePoolVertex(Neighbourhood neighbourhood, Aggregator aggregator, boolean region) {
        super(neighbourhood);
        this.aggregator = Objects.requireNonNull(aggregator, "aggregator");
        setRegion(region);
    }

    @Override
    protected PoolingOp newOp(GraphLayout layout) {
        return new GraphAggregatePool(
                layout.neighbourhood().dimensions(), layout.channelsLast(), aggregator, layout.isMasked());
    }

    @Override
    boolean takesEdges() {
        return false;
    }

    private String parameterName() {
        return aggregator == Aggregator.SOFTMAX ? "temperature" : "power";
    }

    @Override
    public Map<String, long[]> parameterShapes() {
        return aggregator == Aggregator.SOFTMAX || aggregator == Aggregator.POWER_MEAN
                ? Collections.singletonMap(parameterName(), new long[] {1})
                : Collections.emptyMap();
    }

    @Override
    public void initializeParameter(String name, INDArray parameter) {
        parameter.assign(1);
    }

    @Override
    long[] outputShape(long[] shape, InputType... inputs) {
        return new long[] {shape[0], shape[featureAxis()]};
    }

    @Override
    protected InputType typeOf(long... shape) {
        return InputType.feedForward(shape[1]);
    }
}
