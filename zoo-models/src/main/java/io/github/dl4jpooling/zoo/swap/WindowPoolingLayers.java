// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.WindowPooling1DLayer;
import io.github.dl4jpooling.layers.conf.WindowPooling2DLayer;
import io.github.dl4jpooling.layers.conf.WindowPooling3DLayer;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.layers.Convolution3D;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Makes this library's layers. Their classes follow from the operator's stem, so that a new operator needs no change
 * here: SOFT_POOL has SoftPooling1D, SoftPooling2D and SoftPooling3D.
 */
final class WindowPoolingLayers {
    private static final String STEM_END = "_pool";

    private WindowPoolingLayers() {}

    static boolean isWindowPooling(PoolingOperator operator) {
        return operator.stem().endsWith(STEM_END);
    }

    /** The operator's stem without "_pool", for instance soft. */
    static String poolingName(PoolingOperator operator) {
        return operator.stem().substring(0, operator.stem().length() - STEM_END.length());
    }

    static Layer create(PoolingOperator operator, PoolingWindow window) {
        WindowPoolingLayer.Builder<?> builder = builder(operator, window.dimensions());
        builder.kernelSize(window.kernel());
        builder.stride(window.stride());
        builder.padding(window.padding());
        builder.dilation(window.dilation());
        builder.convolutionMode(SubsamplingLayers.convolutionMode(window.borderMode()));
        builder.ceilMode(window.borderMode() == BorderMode.CEIL);
        boolean last = window.channelsLast();
        if (builder instanceof WindowPooling1DLayer.Builder) {
            ((WindowPooling1DLayer.Builder<?>) builder).dataFormat(last ? RNNFormat.NWC : RNNFormat.NCW);
        } else if (builder instanceof WindowPooling2DLayer.Builder) {
            ((WindowPooling2DLayer.Builder<?>) builder).dataFormat(last ? CNN2DFormat.NHWC : CNN2DFormat.NCHW);
        } else {
            ((WindowPooling3DLayer.Builder<?>) builder)
                    .dataFormat(last ? Convolution3D.DataFormat.NDHWC : Convolution3D.DataFormat.NCDHW);
        }
        return builder.build();
    }

    private static WindowPoolingLayer.Builder<?> builder(PoolingOperator operator, int dimensions) {
        String className = WindowPoolingLayer.class.getPackageName() + "." + operator.className() + "ing" + dimensions
                + "D$Builder";
        try {
            return (WindowPoolingLayer.Builder<?>) Class.forName(className).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("operator " + operator + " names " + dimensions
                    + " dimensions, but there is no public class " + className
                    + " with a constructor without arguments", e);
        }
    }
}
