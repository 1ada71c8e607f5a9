// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;

/**
 * Pooling of volumes {@code [batch, channels, depth, height, width]}, or with the channels last. As in DL4J's
 * Subsampling3DLayer the data format is that of the builder: a network's input type does not tell it reliably, since
 * DL4J's 3-D convolution reports NDHWC for NCDHW arrays.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class WindowPooling3DLayer extends WindowPoolingLayer {

    private Convolution3D.DataFormat dataFormat = Convolution3D.DataFormat.NCDHW;

    /**
     * Takes the settings of a builder and checks them.
     *
     * @param builder the builder
     */
    protected WindowPooling3DLayer(Builder<?> builder) {
        super(builder);
        dataFormat = builder.dataFormat;
    }

    @Override
    protected boolean channelsLast() {
        return dataFormat == Convolution3D.DataFormat.NDHWC;
    }

    @Override
    InputType.Type inputKind() {
        return InputType.Type.CNN3D;
    }

    @Override
    long[] exampleShape(InputType inputType) {
        InputType.InputTypeConvolutional3D c = (InputType.InputTypeConvolutional3D) inputType;
        return channelsLast()
                ? new long[] {1, c.getDepth(), c.getHeight(), c.getWidth(), c.getChannels()}
                : new long[] {1, c.getChannels(), c.getDepth(), c.getHeight(), c.getWidth()};
    }

    @Override
    InputType typeOf(long[] shape) {
        return channelsLast()
                ? InputType.convolutional3D(dataFormat, shape[1], shape[2], shape[3], shape[4])
                : InputType.convolutional3D(dataFormat, shape[2], shape[3], shape[4], shape[1]);
    }

    @Override
    InputType typeOfUnknownSize(InputType inputType) {
        throw new IllegalStateException("The sizes of volumes are known at configuration time");
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return InputTypeUtil.getPreProcessorForInputTypeCnn3DLayers(inputType, getLayerName());
    }

    /**
     * Settings of a layer for volumes. Default window 2x2x2, stride 2, as DL4J's Subsampling3DLayer has.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends WindowPoolingLayer.Builder<T> {

        private Convolution3D.DataFormat dataFormat = Convolution3D.DataFormat.NCDHW;

        /** Starts with the defaults. */
        protected Builder() {
            super(3, 2);
        }

        /**
         * @param dataFormat NCDHW (the default) or NDHWC
         * @return this
         */
        public T dataFormat(Convolution3D.DataFormat dataFormat) {
            this.dataFormat = dataFormat;
            return self();
        }
    }
}
