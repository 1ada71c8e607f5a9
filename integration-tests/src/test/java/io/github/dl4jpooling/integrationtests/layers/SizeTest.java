// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.integrationtests.layers;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jpooling.integrationtests.family.Conventions;
import io.github.dl4jpooling.integrationtests.family.ForEachPlainLayer;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.PoolingOperator;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Output types are those of DL4J's own pooling layers, so that one can stand where the other stood. */
@ForEachPlainLayer
class SizeTest {

    private static final int CASES = 500;

    private final PoolingOperator operator;

    SizeTest(PoolingOperator operator) {
        this.operator = operator;
    }

    @TestFactory
    Stream<DynamicTest> sameAsDl4j() {
        return Networks.dimensions(operator).flatMap(dimensions -> Stream.of(
                ConvolutionMode.Truncate, ConvolutionMode.Same, ConvolutionMode.Strict)
                .map(mode -> DynamicTest.dynamicTest(dimensions + "-D " + mode, () -> compare(dimensions, mode))));
    }

    private void compare(int dimensions, ConvolutionMode mode) {
        Random random = new Random(dimensions);
        for (int i = 0; i < CASES; i++) {
            int[] kernel = random.ints(dimensions, 1, 6).toArray();
            int[] stride = random.ints(dimensions, 1, 5).toArray();
            if (dimensions == 3) {
                stride[2] = stride[1]; // DL4J computes the width with the stride of the height
            }
            // DL4J's layers for sequences and volumes have no dilation.
            int[] dilation = random.ints(dimensions, 1, dimensions == 2 ? 4 : 2).toArray();
            int[] padding = new int[dimensions];
            int[] size = new int[dimensions];
            for (int a = 0; a < dimensions; a++) {
                int extent = dilation[a] * (kernel[a] - 1) + 1;
                padding[a] = mode == ConvolutionMode.Same ? 0 : random.nextInt(extent);
                int least = Math.max(1, extent - 2 * padding[a]);
                size[a] = mode == ConvolutionMode.Strict
                        ? Math.max(stride[a], extent - 2 * padding[a] + stride[a] * (1 + random.nextInt(9)))
                        : least + random.nextInt(30);
                if (mode == ConvolutionMode.Strict) {
                    size[a] += Math.floorMod(extent - 2 * padding[a] - size[a], stride[a]);
                }
            }
            WindowPoolingLayer.Builder<?> builder = Conventions.layer(operator, kernel);
            builder.stride(stride);
            builder.padding(padding);
            builder.dilation(dilation);
            builder.convolutionMode(mode);
            WindowPoolingLayer ours = builder.build();
            Layer theirs = dl4j(kernel, stride, padding, dilation, mode);
            InputType input = inputType(size);
            assertThat(sizes(ours.getOutputType(0, input)))
                    .as("%s of %s", ours, Arrays.toString(size))
                    .isEqualTo(sizes(theirs.getOutputType(0, input)));
        }
    }

    private static Layer dl4j(int[] kernel, int[] stride, int[] padding, int[] dilation, ConvolutionMode mode) {
        switch (kernel.length) {
            case 1:
                return new Subsampling1DLayer.Builder(PoolingType.MAX, kernel[0], stride[0], padding[0])
                        .convolutionMode(mode)
                        .build();
            case 2:
                return new SubsamplingLayer.Builder(PoolingType.MAX, kernel, stride, padding)
                        .dilation(dilation)
                        .convolutionMode(mode)
                        .build();
            default:
                return new Subsampling3DLayer.Builder(PoolingType.MAX, kernel, stride, padding)
                        .convolutionMode(mode)
                        .build();
        }
    }

    private static InputType inputType(int[] size) {
        switch (size.length) {
            case 1:
                return InputType.recurrent(7, size[0]);
            case 2:
                return InputType.convolutional(size[0], size[1], 7);
            default:
                return InputType.convolutional3D(Convolution3D.DataFormat.NCDHW, size[0], size[1], size[2], 7);
        }
    }

    /** Channels and sizes; what DL4J says of the order of axes in volumes is not always right. */
    private static long[] sizes(InputType type) {
        if (type instanceof InputType.InputTypeConvolutional3D) {
            InputType.InputTypeConvolutional3D volume = (InputType.InputTypeConvolutional3D) type;
            return new long[] {volume.getChannels(), volume.getDepth(), volume.getHeight(), volume.getWidth()};
        }
        if (type instanceof InputType.InputTypeConvolutional) {
            InputType.InputTypeConvolutional image = (InputType.InputTypeConvolutional) type;
            return new long[] {image.getChannels(), image.getHeight(), image.getWidth()};
        }
        InputType.InputTypeRecurrent sequence = (InputType.InputTypeRecurrent) type;
        return new long[] {sequence.getSize(), sequence.getTimeSeriesLength()};
    }

    @Test
    void orderOfAxesIsPassedOn() {
        Layer sequences = Conventions.layer(operator, 2).build();
        InputType sequence = InputType.recurrent(3, 8, RNNFormat.NWC);
        sequences.setNIn(sequence, true);
        assertThat(sequences.getOutputType(0, sequence)).isEqualTo(InputType.recurrent(3, 7, RNNFormat.NWC));

        Layer images = Conventions.layer(operator, 2, 2).build();
        InputType image = InputType.convolutional(8, 6, 3, CNN2DFormat.NHWC);
        images.setNIn(image, true);
        assertThat(images.getOutputType(0, image)).isEqualTo(InputType.convolutional(4, 3, 3, CNN2DFormat.NHWC));
    }

    @Test
    void sequencesOfUnknownLength() {
        Layer layer = Conventions.layer(operator, 2).build();
        assertThat(layer.getOutputType(0, InputType.recurrent(3))).isEqualTo(InputType.recurrent(3));
    }

    @Test
    void ceilModeKeepsTheLastWindow() {
        WindowPoolingLayer.Builder<?> builder = Conventions.layer(operator, 2, 2);
        builder.ceilMode(true);
        Layer layer = builder.build();
        assertThat(sizes(layer.getOutputType(0, InputType.convolutional(7, 8, 3)))).containsExactly(3, 4, 4);
    }

    @Test
    void defaultStrideIsThatOfDl4j() {
        ConvolutionMode mode = ConvolutionMode.Truncate;
        assertSameSize(new Subsampling1DLayer.Builder().convolutionMode(mode).build(), 9);
        assertSameSize(new SubsamplingLayer.Builder(2, 2).convolutionMode(mode).build(), 9, 8);
        int[] kernel = {2, 2, 2};
        Subsampling3DLayer.PoolingType max = Subsampling3DLayer.PoolingType.MAX;
        assertSameSize(new Subsampling3DLayer.Builder(max, kernel).convolutionMode(mode).build(), 9, 8, 7);
    }

    private void assertSameSize(Layer theirs, int... size) {
        int[] kernel = new int[size.length];
        Arrays.fill(kernel, 2);
        Layer ours = Conventions.layer(operator, kernel).build();
        assertThat(sizes(ours.getOutputType(0, inputType(size))))
                .isEqualTo(sizes(theirs.getOutputType(0, inputType(size))));
    }
}
