// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.layers.impl.AttentionParameters;
import io.github.dl4jpooling.layers.impl.GlobalAttention;
import io.github.dl4jpooling.layers.impl.Pooling;
import io.github.dl4jpooling.ops.AttentionOp;
import java.util.Map;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.weights.WeightInitXavier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Configuration of a layer that pools a whole map or sequence with learned weights, see {@link AttentionOp}. The output
 * is feed forward, so that dense layers may follow; sequences and maps may differ in size from batch to batch.
 *
 * <p>DL4J's masks leave positions out: {@code [batch, length]} of sequences,
 * {@code [batch, 1, 1 or height, 1 or width]} of images. An example that is masked as a whole gives 0.
 *
 * <p>The network's input type must be set.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class AttentionPoolingLayer extends PoolingLayer {

    private int dimensions = 2;

    /**
     * Takes the settings of a builder.
     *
     * @param builder the builder
     */
    protected AttentionPoolingLayer(Builder<?> builder) {
        super(builder);
        dimensions = builder.dimensions;
    }

    /**
     * Makes the operator this layer applies.
     *
     * @param masked whether there is a mask
     * @return the operator with its configuration
     * @throws IllegalArgumentException if a setting is out of range
     */
    protected abstract AttentionOp newOp(boolean masked);

    private AttentionOp checkedOp(boolean masked) {
        try {
            return newOp(masked);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw configError(e);
        }
    }

    /** Without a mask. */
    @Override
    public final AttentionOp op(boolean training) {
        return checkedOp(false);
    }

    /** With a mask, its last input. */
    @Override
    public final AttentionOp maskedOp(boolean training) {
        return checkedOp(true);
    }

    @Override
    public final int dimensions() {
        return dimensions;
    }

    private long channels(long[] shape) {
        return shape[isChannelsLast() ? shape.length - 1 : 1];
    }

    @Override
    protected final long[] outputShape(long[] inputShape) {
        return new long[] {inputShape[0], op(false).outputSize(channels(inputShape))};
    }

    @Override
    protected final InputType typeOfUnknownLength(InputType.InputTypeRecurrent inputType) {
        return InputType.feedForward(op(false).outputSize(inputType.getSize()));
    }

    @Override
    public final Map<String, long[]> parameterShapes() {
        if (getExampleShape() == null) {
            throw configError("has parameters, whose shapes follow from the input: set the input type of the network",
                    null);
        }
        return op(false).parameterShapes(channels(getExampleShape()));
    }

    @Override
    public final boolean isWeight(String name) {
        return op(false).isWeight(name);
    }

    /** Weights as the layer's weight initialisation says, Xavier by default; biases 0. */
    @Override
    public void initializeParameter(String name, INDArray parameter) {
        AttentionParameters.initialize(isWeight(name), parameter,
                getWeightInitFn() == null ? new WeightInitXavier() : getWeightInitFn());
    }

    @Override
    protected Pooling newLayer(NeuralNetConfiguration conf, DataType networkDataType) {
        return new GlobalAttention(conf, networkDataType);
    }

    /**
     * Settings of every layer of attention pooling.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends PoolingLayer.Builder<T> {

        private int dimensions = 2;

        /**
         * @param newDimensions spatial axes: 1 for sequences, 2 for images (the default), 3 for volumes
         * @return this
         */
        public T dimensions(int newDimensions) {
            dimensions = newDimensions;
            return self();
        }
    }
}
