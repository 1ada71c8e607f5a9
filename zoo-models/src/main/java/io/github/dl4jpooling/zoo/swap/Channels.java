// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.impl.MapTypes;
import io.github.dl4jpooling.ops.PoolingWindow;
import java.util.List;
import java.util.function.LongSupplier;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.ScaleVertex;
import org.deeplearning4j.nn.conf.graph.ShiftVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LocalResponseNormalization;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.layers.SpaceToDepthLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;

/**
 * Number of channels as it follows from the layers before: DL4J stores no input types with a network, but layers with
 * weights know their sizes. 0 where it does not follow.
 */
final class Channels {

    private Channels() {}

    /** Channels that a layer gets. */
    static long into(MultiLayerConfiguration configuration, int layer) {
        return behind(configuration.getInputPreProcess(layer),
                () -> layer == 0 ? 0 : outOf(configuration, layer - 1));
    }

    private static long outOf(MultiLayerConfiguration configuration, int layer) {
        return outOf(configuration.getConf(layer).getLayer(), () -> into(configuration, layer));
    }

    /** Channels that a layer of a graph gets. */
    static long into(ComputationGraphConfiguration configuration, String name) {
        InputPreProcessor preProcessor = ((LayerVertex) configuration.getVertices().get(name)).getPreProcessor();
        return behind(preProcessor, () -> outOf(configuration, configuration.getVertexInputs().get(name).get(0)));
    }

    private static long outOf(ComputationGraphConfiguration configuration, String name) {
        GraphVertex vertex = configuration.getVertices().get(name);
        if (vertex instanceof LayerVertex) {
            Layer layer = ((LayerVertex) vertex).getLayerConf().getLayer();
            return outOf(layer, () -> into(configuration, name));
        }
        List<String> inputs = configuration.getVertexInputs().get(name);
        if (vertex instanceof MergeVertex) {
            long[] channels = inputs.stream().mapToLong(input -> outOf(configuration, input)).toArray();
            long sum = 0;
            for (long each : channels) {
                if (each == 0) {
                    return 0;
                }
                sum += each;
            }
            return sum;
        }
        boolean keepsChannels = vertex instanceof ElementWiseVertex || vertex instanceof ScaleVertex
                || vertex instanceof ShiftVertex;
        return keepsChannels ? outOf(configuration, inputs.get(0)) : 0;
    }

    private static long behind(InputPreProcessor preProcessor, LongSupplier before) {
        if (preProcessor instanceof FeedForwardToCnnPreProcessor) {
            return ((FeedForwardToCnnPreProcessor) preProcessor).getNumChannels();
        }
        return preProcessor == null ? before.getAsLong() : 0;
    }

    private static long outOf(Layer outer, LongSupplier before) {
        Layer layer = Wrappers.innermost(outer);
        if (layer instanceof FeedForwardLayer && !(layer instanceof DropoutLayer)) {
            return ((FeedForwardLayer) layer).getNOut();
        }
        if (layer instanceof SpaceToDepthLayer) {
            int block = ((SpaceToDepthLayer) layer).getBlockSize();
            return before.getAsLong() * block * block;
        }
        boolean keepsChannels = layer instanceof NoParamLayer || layer instanceof PoolingLayer
                || layer instanceof DropoutLayer || layer instanceof LocalResponseNormalization;
        return keepsChannels ? before.getAsLong() : 0;
    }

    /** The type of maps of unknown size. */
    static InputType typeOf(long channels, PoolingWindow window) {
        long[] shape = new long[window.dimensions() + 2];
        shape[window.channelsLast() ? shape.length - 1 : 1] = channels;
        return MapTypes.typeOf(shape, window.channelsLast());
    }
}
