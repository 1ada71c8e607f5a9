// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.NetworkOp;
import io.github.dl4jpooling.ops.TrainingPhase;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a layer that applies a gate: a {@link NetworkOp}, whose inputs behind the map are the layer's
 * parameters, under their names. Weights get the layer's weight initialisation, Xavier unless another one is set, and
 * l1, l2 and weight decay; gains and variances are 1 at first, the others 0.
 *
 * <p>Means and variances of batch normalisations are kept as running ones, new = 0.99 old + 0.01 of the batch, in
 * every forward pass in training; the variance of the batch is the unbiased one there. No updater changes them.
 */
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class NetworkPoolingLayer extends MapPoolingLayer {

    private static final double MOMENTUM = 0.01;

    /**
     * Takes the settings of a builder.
     *
     * @param builder the builder
     */
    protected NetworkPoolingLayer(Builder<?> builder) {
        super(builder);
    }

    @Override
    protected abstract NetworkOp newOp(boolean training);

    /** The phase of an op. */
    static TrainingPhase phase(boolean training) {
        return training ? TrainingPhase.TRAINING : TrainingPhase.INFERENCE;
    }

    @Override
    public final int dimensions() {
        return 2;
    }

    @Override
    protected final long[] outputShape(long[] inputShape) {
        ((NetworkOp) op(false)).parameterShapes(inputShape); // checks the sizes
        return inputShape.clone();
    }

    @Override
    public final Map<String, long[]> parameterShapes() {
        if (getExampleShape() == null) {
            throw configError("has parameters, whose shapes follow from the input: set the input type of the network",
                    null);
        }
        return ((NetworkOp) op(false)).parameterShapes(getExampleShape());
    }

    @Override
    public final boolean isWeight(String name) {
        return ((NetworkOp) op(false)).isWeight(name);
    }

    @Override
    public final void initializeParameter(String name, INDArray parameter) {
        if (!isWeight(name)) {
            parameter.assign(name.startsWith("gain") || name.startsWith("variance") ? 1 : 0);
            return;
        }
        long[] shape = parameter.shape();
        long taps = Arrays.stream(shape).skip(2).reduce(1, (a, b) -> a * b);
        IWeightInit initialisation = getWeightInitFn() == null ? new WeightInitXavier() : getWeightInitFn();
        initialisation.init(shape[1] * taps, shape[0] * taps, shape, 'c', parameter);
    }

    @Override
    public final void observe(List<INDArray> outputs, Map<String, INDArray> parameters) {
        if (outputs.size() < 2) {
            return;
        }
        long row = 0;
        INDArray statistics = outputs.get(1);
        for (Map.Entry<String, INDArray> entry : parameters.entrySet()) {
            boolean isVariance = entry.getKey().startsWith("variance");
            if (isVariance || entry.getKey().startsWith("mean")) {
                double factor = isVariance ? unbiased(count(outputs.get(0), entry.getKey())) : 1;
                INDArray running = entry.getValue();
                running.muli(1 - MOMENTUM).addi(statistics.slice(row++).mul(MOMENTUM * factor));
            }
        }
    }

    private static double unbiased(double count) {
        return count > 1 ? count / (count - 1) : 1;
    }

    /**
     * Numbers that a variance is of.
     *
     * @param output output of the op, of the shape of the input
     * @param name name of the variance
     * @return their count
     */
    protected double count(INDArray output, String name) {
        return (double) output.length() / output.size(isChannelsLast() ? 3 : 1);
    }
}
