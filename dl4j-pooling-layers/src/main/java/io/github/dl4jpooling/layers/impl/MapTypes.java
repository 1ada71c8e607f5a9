// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.impl;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;

/** DL4J's input types of sequences, images and volumes as shapes of arrays, and back. */
public final class MapTypes {

    private MapTypes() {}

    /**
     * The type of sequences, images or volumes.
     *
     * @param dimensions number of spatial axes, 1 to 3
     * @return the type
     */
    public static InputType.Type type(int dimensions) {
        return new InputType.Type[] {InputType.Type.RNN, InputType.Type.CNN, InputType.Type.CNN3D}[dimensions - 1];
    }

    /**
     * Shape of one example.
     *
     * @param inputType type of sequences, images or volumes
     * @param channelsLast whether arrays have the channels last
     * @return shape with batch size 1; an unknown length is 0
     */
    public static long[] exampleShape(InputType inputType, boolean channelsLast) {
        long[] spatial;
        long channels;
        switch (inputType.getType()) {
            case RNN:
                spatial = new long[] {Math.max(0, ((InputType.InputTypeRecurrent) inputType).getTimeSeriesLength())};
                channels = ((InputType.InputTypeRecurrent) inputType).getSize();
                break;
            case CNN:
                InputType.InputTypeConvolutional image = (InputType.InputTypeConvolutional) inputType;
                spatial = new long[] {image.getHeight(), image.getWidth()};
                channels = image.getChannels();
                break;
            default:
                if (!(inputType instanceof InputType.InputTypeConvolutional3D)) {
                    throw new IllegalArgumentException("input must be of type RNN, CNN or CNN3D, got " + inputType);
                }
                InputType.InputTypeConvolutional3D volume = (InputType.InputTypeConvolutional3D) inputType;
                spatial = new long[] {volume.getDepth(), volume.getHeight(), volume.getWidth()};
                channels = volume.getChannels();
        }
        if (channels < 0 || Arrays.stream(spatial).anyMatch(size -> size < 0)) {
            throw new IllegalArgumentException("sizes of an input type must be at least 0, got " + inputType);
        }
        long[] shape = new long[spatial.length + 2];
        shape[0] = 1;
        shape[channelsLast ? shape.length - 1 : 1] = channels;
        System.arraycopy(spatial, 0, shape, channelsLast ? 1 : 2, spatial.length);
        return shape;
    }

    /**
     * Checks what a file says {@link #exampleShape} returned.
     *
     * @param shape the shape
     * @param dimensions numbers of spatial axes that are right, none where any is
     * @throws IllegalArgumentException if no input type has this shape
     */
    public static void checkExampleShape(long[] shape, int... dimensions) {
        int axes = shape.length - 2;
        if (axes < 1 || axes > 3 || dimensions.length > 0 && Arrays.stream(dimensions).noneMatch(d -> d == axes)) {
            throw new IllegalArgumentException("it must have two sizes and one for each spatial axis");
        }
        if (shape[0] != 1 || Arrays.stream(shape).anyMatch(size -> size < 0)) {
            throw new IllegalArgumentException("its first size must be 1, the others at least 0");
        }
    }

    /**
     * Type of arrays.
     *
     * @param shape their shape
     * @param channelsLast whether they have the channels last
     * @return the type
     */
    public static InputType typeOf(long[] shape, boolean channelsLast) {
        int first = channelsLast ? 1 : 2;
        long channels = shape[channelsLast ? shape.length - 1 : 1];
        switch (shape.length) {
            case 2:
                return InputType.feedForward(channels);
            case 3:
                return InputType.recurrent(channels, shape[first], channelsLast ? RNNFormat.NWC : RNNFormat.NCW);
            case 4:
                return InputType.convolutional(
                        shape[first], shape[first + 1], channels, channelsLast ? CNN2DFormat.NHWC : CNN2DFormat.NCHW);
            default:
                return InputType.convolutional3D(
                        channelsLast ? Convolution3D.DataFormat.NDHWC : Convolution3D.DataFormat.NCDHW,
                        shape[first], shape[first + 1], shape[first + 2], channels);
        }
    }

    /**
     * The order of axes that an input type tells.
     *
     * @param inputType type of an input
     * @param otherwise for types that do not tell: DL4J's 3-D convolution reports another order than its arrays have
     * @return whether arrays have the channels last
     */
    public static boolean channelsLast(InputType inputType, boolean otherwise) {
        if (inputType instanceof InputType.InputTypeConvolutional) {
            return ((InputType.InputTypeConvolutional) inputType).getFormat() == CNN2DFormat.NHWC;
        }
        if (inputType instanceof InputType.InputTypeRecurrent) {
            return ((InputType.InputTypeRecurrent) inputType).getFormat() == RNNFormat.NWC;
        }
        return otherwise;
    }
}
