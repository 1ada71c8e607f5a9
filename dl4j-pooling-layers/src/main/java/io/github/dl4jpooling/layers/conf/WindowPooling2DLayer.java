// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;

/** Pooling of images {@code [batch, channels, height, width]} or {@code [batch, height, width, channels]}. */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class WindowPooling2DLayer extends WindowPoolingLayer {

    private CNN2DFormat cnn2dDataFormat = CNN2DFormat.NCHW;

    /**
     * Takes the settings of a builder and checks them.
     *
     * @param builder the builder
     */
    protected WindowPooling2DLayer(Builder<?> builder) {
        super(builder);
        cnn2dDataFormat = builder.cnn2dDataFormat;
    }

    @Override
    protected boolean channelsLast() {
        return cnn2dDataFormat == CNN2DFormat.NHWC;
    }

    @Override
    InputType.Type inputKind() {
        return InputType.Type.CNN;
    }

    @Override
    long[] exampleShape(InputType inputType) {
        InputType.InputTypeConvolutional c = (InputType.InputTypeConvolutional) inputType;
        return channelsLast()
                ? new long[] {1, c.getHeight(), c.getWidth(), c.getChannels()}
                : new long[] {1, c.getChannels(), c.getHeight(), c.getWidth()};
    }

    @Override
    InputType typeOf(long[] shape) {
        return channelsLast()
                ? InputType.convolutional(shape[1], shape[2], shape[3], cnn2dDataFormat)
                : InputType.convolutional(shape[2], shape[3], shape[1], cnn2dDataFormat);
    }

    @Override
    InputType typeOfUnknownSize(InputType inputType) {
        throw new IllegalStateException("The sizes of images are known at configuration time");
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (inputType instanceof InputType.InputTypeConvolutional) {
            cnn2dDataFormat = ((InputType.InputTypeConvolutional) inputType).getFormat();
        }
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return InputTypeUtil.getPreProcessorForInputTypeCnnLayers(inputType, getLayerName());
    }

    /**
     * Settings of a layer for images. Default window 2x2, stride 2, as DL4J's SubsamplingLayer has.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends WindowPoolingLayer.Builder<T> {

        private CNN2DFormat cnn2dDataFormat = CNN2DFormat.NCHW;

        /** Starts with the defaults. */
        protected Builder() {
            super(2, 2);
        }

        /**
         * @param cnn2dDataFormat NCHW (the default) or NHWC. A network's input type, where it is set, decides.
         * @return this
         */
        public T dataFormat(CNN2DFormat cnn2dDataFormat) {
            this.cnn2dDataFormat = cnn2dDataFormat;
            return self();
        }
    }
}
