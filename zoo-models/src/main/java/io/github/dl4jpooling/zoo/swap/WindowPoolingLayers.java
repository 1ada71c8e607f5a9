// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.DppPooling;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.BorderMode;
import io.github.dl4jpooling.ops.PoolingOperator;
import io.github.dl4jpooling.ops.PoolingWindow;
import io.github.dl4jpooling.ops.WindowedOp;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * Makes this library's layers. Their classes follow from the operator's stem, so that a new operator needs no change
 * here: SOFT_POOL has SoftPooling. A block, an operator with a network of its own, goes by the name of what it feeds:
 * LIP_BLOCK_POOL has LipPooling, and its pooling is called lip.
 */
final class WindowPoolingLayers {
    private static final String STEM_END = "(_block)?_pool$";

    private WindowPoolingLayers() {}

    static boolean isWindowPooling(PoolingOperator operator) {
        try {
            return operator.newOp() instanceof WindowedOp
                    && WindowPoolingLayer.class.isAssignableFrom(Class.forName(layerName(operator)))
                    && appliesTheOperator(operator);
        } catch (ClassNotFoundException e) {
            return false;
        }
    }

    /** LipPooling, for one, is not the layer of LIP_POOL, which takes two maps. */
    private static boolean appliesTheOperator(PoolingOperator operator) {
        WindowPoolingLayer layer = builder(operator).build();
        return layer.op(false).operator() == operator && coversTheMap(layer);
    }

    /** The windows of layers for spike trains do not reach along the axis of time. */
    static boolean coversTheMap(WindowPoolingLayer layer) {
        return layer.dimensions() == layer.getKernelSize().length;
    }

    private static String layerName(PoolingOperator operator) {
        return WindowPoolingLayer.class.getPackageName() + "."
                + operator.className().replaceFirst("(Block|Full)?Pool$", "Pooling");
    }

    /** The operator's stem without "_pool" or "_block_pool", for instance soft. */
    static String poolingName(PoolingOperator operator) {
        return operator.stem().replaceFirst(STEM_END, "");
    }

    static Layer create(PoolingOperator operator, PoolingWindow window) {
        return create(builder(operator), window);
    }

    /** A layer with a builder's settings and this window. */
    static Layer create(WindowPoolingLayer.Builder<?> builder, PoolingWindow window) {
        builder.kernelSize(window.kernel());
        builder.stride(window.stride());
        builder.padding(window.padding());
        builder.dilation(window.dilation());
        builder.convolutionMode(SubsamplingLayers.convolutionMode(window.borderMode()));
        builder.ceilMode(window.borderMode() == BorderMode.CEIL);
        builder.channelsLast(window.channelsLast());
        return builder.build();
    }

    private static WindowPoolingLayer.Builder<?> builder(PoolingOperator operator) {
        if (operator == PoolingOperator.DPP_FULL_POOL) {
            return new DppPooling.Builder().full(true); // one layer, two operators
        }
        String className = layerName(operator) + "$Builder";
        try {
            return (WindowPoolingLayer.Builder<?>) Class.forName(className)
                    .getDeclaredConstructor(int[].class)
                    .newInstance(new int[0]);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("operator " + operator + " has a window, but there is no public class "
                    + className + " with a constructor for window sizes", e);
        }
    }
}
