// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.layers.impl.Pooling;
import io.github.dl4jpooling.layers.impl.QuantizedPass;
import io.github.dl4jpooling.ops.PoolingOp;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.QuantizedForms;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The 8-bit form of another pooling layer, for inference: quantises its input, pools 8-bit numbers and dequantises the
 * result, since DL4J's other layers compute real numbers. It takes {@link MaxPooling}, {@link AveragePooling}, {@link
 * SoftPooling}, {@link AdaptiveAvgPooling} and {@link AdaptiveMaxPooling}; the operators are those of {@link
 * QuantizedForms}.
 *
 * <pre>{@code
 * .layer(new QuantizedPooling.Builder(new MaxPooling.Builder(2, 2).build())
 *         .quantization(Quantization.ofRange(DataType.UINT8, 0, 6)).build())
 * }</pre>
 *
 * <p>The quantizations usually come from a calibration, {@code QuantizedSwap} of the zoo. There is no gradient: train
 * with {@link FakeQuantizeLayer} in front of the float layer. {@code collapsed} leaves out the spatial axes of the
 * result, {@code [N,C]}, as DL4J's global pooling does; for an output size of 1. Masks of sequences work as they do for
 * the layer whose 8-bit form it is; a collapsed result has no steps and no mask.
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class QuantizedPooling extends PoolingLayer {

    private PoolingLayer pooling;
    private Quantization input;
    private Quantization output;
    private boolean collapsed;

    private QuantizedPooling(Builder builder) {
        super(builder);
        pooling = builder.pooling;
        input = builder.input;
        output = builder.output;
        collapsed = builder.collapsed;
        setChannelsLast(pooling != null && pooling.isChannelsLast());
    }

    @Override
    public PoolingOp op(boolean training) {
        return quantized(false);
    }

    @Override
    public PoolingOp maskedOp(boolean training) {
        return quantized(true);
    }

    private PoolingOp quantized(boolean masked) {
        if (pooling == null || input == null || output == null) {
            throw configError("needs a pooling layer and the quantizations of its input and output, got " + pooling
                    + ", " + input + " and " + output, null);
        }
        pooling.setChannelsLast(isChannelsLast());
        PoolingOp op = masked ? pooling.maskedOp(false) : pooling.op(false);
        try {
            return QuantizedForms.of(op, input, output).orElseThrow(() -> new IllegalArgumentException(
                    op.operator().title() + " has no 8-bit form"));
        } catch (IllegalArgumentException e) {
            throw configError(e);
        }
    }

    @Override
    public int dimensions() {
        return pooling == null ? 2 : pooling.dimensions();
    }

    @Override
    protected long[] outputShape(long[] inputShape) {
        pooling.setChannelsLast(isChannelsLast());
        long[] shape = pooling.outputShape(inputShape);
        return collapsed ? new long[] {shape[0], shape[isChannelsLast() ? shape.length - 1 : 1]} : shape;
    }

    /**
     * The result in the shape that the layer gives.
     *
     * @param pooled result of the operator
     * @return a view of it
     */
    public INDArray shaped(INDArray pooled) {
        if (!collapsed) {
            return pooled;
        }
        long channels = pooled.size(isChannelsLast() ? pooled.rank() - 1 : 1);
        if (pooled.length() != pooled.size(0) * channels) {
            throw configError("collapsed goes with an output size of 1 only", null);
        }
        return pooled.reshape(pooled.size(0), channels);
    }

    @Override
    public INDArray reduceMask(INDArray mask) {
        INDArray reduced = pooling.reduceMask(mask); // also says whether it takes the mask at all
        return collapsed ? null : reduced;
    }

    /** The ops give the zero point for a window without elements. */
    @Override
    public boolean clearsMaskedOutputs() {
        return false;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        super.setNIn(inputType, override);
        pooling.setChannelsLast(isChannelsLast());
    }

    @Override
    protected Pooling newLayer(NeuralNetConfiguration conf, DataType networkDataType) {
        return new QuantizedPass(conf, networkDataType);
    }

    @Override
    public QuantizedPooling clone() {
        QuantizedPooling clone = (QuantizedPooling) super.clone();
        clone.pooling = pooling.clone();
        return clone;
    }

    /** Builds a {@link QuantizedPooling}. */
    @SuppressWarnings("unchecked") // DL4J leaves the type that build() returns to its callers
    public static class Builder extends PoolingLayer.Builder<Builder> {

        private final PoolingLayer pooling;
        private Quantization input;
        private Quantization output;
        private boolean collapsed;

        /** @param pooling the layer whose 8-bit form it is to be */
        public Builder(PoolingLayer pooling) {
            this.pooling = Objects.requireNonNull(pooling, "pooling");
        }

        /**
         * @param quantization of input and output
         * @return this
         */
        public Builder quantization(Quantization quantization) {
            return quantization(quantization, quantization);
        }

        /**
         * @param newInput quantization of the input
         * @param newOutput quantization of the output, of the same type
         * @return this
         */
        public Builder quantization(Quantization newInput, Quantization newOutput) {
            input = Objects.requireNonNull(newInput, "input");
            output = Objects.requireNonNull(newOutput, "output");
            return this;
        }

        /**
         * @param newCollapsed whether the result has no spatial axes; default false
         * @return this
         */
        public Builder collapsed(boolean newCollapsed) {
            collapsed = newCollapsed;
            return this;
        }

        @Override
        public QuantizedPooling build() {
            return checked(new QuantizedPooling(this));
        }
    }
}
