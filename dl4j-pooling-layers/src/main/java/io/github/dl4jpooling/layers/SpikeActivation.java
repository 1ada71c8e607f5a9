// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers;

import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Makes spikes of a layer's results: 1 where they are larger than 0, else 0. What {@link
 * io.github.dl4jpooling.layers.conf.SpikeGatePooling} and {@link
 * io.github.dl4jpooling.layers.conf.FirstSpikePooling} pool; a bias of the layer is the threshold.
 *
 * <p>A step has no useful derivative. In its place stands that of a fast sigmoid, {@code 1 / (1 + steepness |x|)^2},
 * largest at the threshold (F. Zenke, S. Ganguli: "SuperSpike", Neural Computation 2018).
 *
 * <pre>{@code
 * .layer(new Convolution3D.Builder(1, 3, 3).nOut(8).activation(new SpikeActivation()).build())
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@EqualsAndHashCode(callSuper = false)
public class SpikeActivation extends BaseActivationFunction {

    /** How fast the gradient falls with the distance from the threshold; 0 hands gradients on as they are. */
    private double steepness = 1;

    /**
     * Chooses the gradient.
     *
     * @param steepness how fast it falls with the distance from the threshold, 0 or more
     */
    public SpikeActivation(double steepness) {
        if (!(steepness >= 0 && steepness < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("SpikeActivation: steepness must be finite and not negative, got "
                    + steepness);
        }
        this.steepness = steepness;
    }

    /** {@inheritDoc} In place, as DL4J's workspaces ask for. NaN stays NaN. */
    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        BooleanIndexing.replaceWhere(in, 1, Conditions.greaterThan(0));
        BooleanIndexing.replaceWhere(in, 0, Conditions.lessThan(0));
        return in;
    }

    /** {@inheritDoc} The gradient takes the place of what it belongs to, as in ND4J's own activations. */
    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        assertShape(in, epsilon);
        Transforms.abs(in, false).muli(steepness).addi(1);
        return new Pair<>(in.muli(in).rdivi(epsilon), null);
    }

    @Override
    public String toString() {
        return "spike(" + steepness + ")";
    }
}
