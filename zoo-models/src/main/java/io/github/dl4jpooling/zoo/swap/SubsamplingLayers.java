// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.Subsampling3DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;

/** Reads and makes DL4J's own pooling layers. */
final class SubsamplingLayers {

    private SubsamplingLayers() {}

    static PoolingWindow window(SubsamplingLayer layer) {
        // Sequences are images of width 1 in DL4J: the second number of each setting means nothing.
        int axes = layer instanceof Subsampling1DLayer ? 1 : 2;
        boolean channelsLast = layer.getCnn2dDataFormat() == CNN2DFormat.NHWC;
        return window(axes, layer.getConvolutionMode(), channelsLast, layer.getKernelSize(), layer.getStride(),
                layer.getPadding(), layer.getDilation());
    }

    static PoolingWindow window(Subsampling3DLayer layer) {
        boolean channelsLast = layer.getDataFormat() == Convolution3D.DataFormat.NDHWC;
        return window(3, layer.getConvolutionMode(), channelsLast, layer.getKernelSize(), layer.getStride(),
                layer.getPadding(), layer.getDilation());
    }

    private static PoolingWindow window(
            int axes, ConvolutionMode mode, boolean channelsLast, int[] kernel, int[] stride, int[] padding,
            int[] dilation) {
        BorderMode borderMode = borderMode(mode);
        // DL4J ignores padding in mode Same, but some networks set it.
        int[] used = borderMode == BorderMode.SAME ? new int[axes] : Arrays.copyOf(padding, axes);
        return PoolingWindow.builder(Arrays.copyOf(kernel, axes))
                .stride(Arrays.copyOf(stride, axes))
                .padding(used)
                .dilation(Arrays.copyOf(dilation, axes))
                .borderMode(borderMode)
                .channelsLast(channelsLast)
                .build();
    }

    private static BorderMode borderMode(ConvolutionMode mode) {
        for (BorderMode borderMode : List.of(BorderMode.TRUNCATE, BorderMode.STRICT, BorderMode.SAME)) {
            if (convolutionMode(borderMode) == mode) {
                return borderMode;
            }
        }
        throw new IllegalArgumentException("convolution mode must be Truncate, Strict or Same, got " + mode);
    }

    static ConvolutionMode convolutionMode(BorderMode mode) {
        switch (mode) {
            case STRICT:
                return ConvolutionMode.Strict;
            case SAME:
                return ConvolutionMode.Same;
            default:
                return ConvolutionMode.Truncate;
        }
    }

    static String poolingName(SubsamplingLayer layer) {
        String name = poolingName(layer.getPoolingType(), layer.getPnorm());
        boolean padded = layer.getConvolutionMode() == ConvolutionMode.Same
                || Arrays.stream(layer.getPadding()).anyMatch(p -> p != 0);
        boolean countsPadding = layer.getPoolingType() == PoolingType.AVG && layer.isAvgPoolIncludePadInDivisor();
        return padded && countsPadding ? name + " with padding" : name;
    }

    static String poolingName(Subsampling3DLayer layer) {
        // As DL4J runs it: whatever is not the maximum is the average.
        return poolingName(layer.getPoolingType() == PoolingType.MAX ? PoolingType.MAX : PoolingType.AVG, 0);
    }

    static String poolingName(PoolingType type, int p) {
        switch (type) {
            case MAX:
                return "max";
            case AVG:
                return "average";
            case PNORM:
                return "pnorm" + p;
            default:
                return "sum";
        }
    }

    static Layer create(SubsamplingLayer.PoolingType type, int p, PoolingWindow window) {
        if (window.borderMode() == BorderMode.CEIL) {
            throw new IllegalArgumentException("DL4J's own pooling layers have no ceil mode");
        }
        ConvolutionMode mode = convolutionMode(window.borderMode());
        CNN2DFormat format = window.channelsLast() ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
        switch (window.dimensions()) {
            case 1:
                Subsampling1DLayer sequences = new Subsampling1DLayer.Builder(
                        type, window.kernel()[0], window.stride()[0])
                                .convolutionMode(mode)
                                .dataFormat(format)
                                .pnorm(p)
                                .build();
                // The builder has no dilation, and pads the axis of width 1 as well, with which the layer cannot run.
                sequences.setPadding(new int[] {window.padding()[0], 0});
                sequences.setDilation(new int[] {window.dilation()[0], 1});
                return sequences;
            case 2:
                return new SubsamplingLayer.Builder(type, window.kernel(), window.stride(), window.padding())
                        .dilation(window.dilation())
                        .convolutionMode(mode)
                        .dataFormat(format)
                        .pnorm(p)
                        .build();
            default:
                int[] dilation = window.dilation();
                return new Subsampling3DLayer.Builder(
                        Subsampling3DLayer.PoolingType.valueOf(type.name()), window.kernel(), window.stride(),
                        window.padding())
                                .dilation(dilation[0], dilation[1], dilation[2])
                                .convolutionMode(mode)
                                .dataFormat(
                                        window.channelsLast()
                                                ? Convolution3D.DataFormat.NDHWC
                                                : Convolution3D.DataFormat.NCDHW)
                                .build();
        }
    }
}
