// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;

/**
 * Pooling of sequences {@code [batch, channels, length]} or {@code [batch, length, channels]}.
 *
 * <p>With a mask {@code [batch, length]} the output has a mask of its own: a step counts if its window holds a step
 * that counts, and outputs that do not count are 0. Masked steps are not taken out of windows, as in DL4J's
 * Subsampling1DLayer.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class WindowPooling1DLayer extends WindowPoolingLayer {

    private RNNFormat rnnDataFormat = RNNFormat.NCW;

    /**
     * Takes the settings of a builder and checks them.
     *
     * @param builder the builder
     */
    protected WindowPooling1DLayer(Builder<?> builder) {
        super(builder);
        rnnDataFormat = builder.rnnDataFormat;
    }

    @Override
    protected boolean channelsLast() {
        return rnnDataFormat == RNNFormat.NWC;
    }

    @Override
    InputType.Type inputKind() {
        return InputType.Type.RNN;
    }

    @Override
    long[] exampleShape(InputType inputType) {
        InputType.InputTypeRecurrent r = (InputType.InputTypeRecurrent) inputType;
        long length = r.getTimeSeriesLength();
        if (length < 0) {
            return null;
        }
        return channelsLast() ? new long[] {1, length, r.getSize()} : new long[] {1, r.getSize(), length};
    }

    @Override
    InputType typeOf(long[] shape) {
        return channelsLast()
                ? InputType.recurrent(shape[2], shape[1], rnnDataFormat)
                : InputType.recurrent(shape[1], shape[2], rnnDataFormat);
    }

    @Override
    InputType typeOfUnknownSize(InputType inputType) {
        return InputType.recurrent(((InputType.InputTypeRecurrent) inputType).getSize(), rnnDataFormat);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (inputType instanceof InputType.InputTypeRecurrent) {
            rnnDataFormat = ((InputType.InputTypeRecurrent) inputType).getFormat();
        }
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return InputTypeUtil.getPreprocessorForInputTypeRnnLayers(inputType, rnnDataFormat, getLayerName());
    }

    /**
     * Settings of a layer for sequences. Default window 2, stride 1, as in DL4J's Subsampling1DLayer.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends WindowPoolingLayer.Builder<T> {

        private RNNFormat rnnDataFormat = RNNFormat.NCW;

        /** Starts with the defaults. */
        protected Builder() {
            super(1, 1);
        }

        /**
         * @param rnnDataFormat NCW (the default) or NWC. A network's input type, where it is set, decides.
         * @return this
         */
        public T dataFormat(RNNFormat rnnDataFormat) {
            this.rnnDataFormat = rnnDataFormat;
            return self();
        }
    }
}
