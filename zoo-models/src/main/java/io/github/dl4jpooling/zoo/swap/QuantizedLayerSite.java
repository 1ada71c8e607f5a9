// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.AdaptiveAvgPooling;
import io.github.dl4jpooling.layers.conf.AdaptiveMaxPooling;
import io.github.dl4jpooling.layers.conf.AdaptivePoolingLayer;
import io.github.dl4jpooling.layers.conf.AveragePooling;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.conf.QuantizedPooling;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.QuantizedForms;
import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A pooling layer. */
final class QuantizedLayerSite extends QuantizedSite {

    private final int index;
    private final Layer layer;
    private PoolingLayer floatLayer;

    private QuantizedLayerSite(int index, String name, String pooling, Layer layer, PoolingLayer floatLayer,
            String obstacle) {
        super(name, pooling, obstacle);
        this.index = index;
        this.layer = layer;
        this.floatLayer = floatLayer;
    }

    /** The site of a layer configuration, or nothing if it does not pool. */
    static Optional<QuantizedSite> of(int index, String name, Layer outer) {
        Layer layer = Wrappers.innermost(outer);
        if (layer instanceof AdaptivePoolingLayer) {
            String pooling = ((PoolingLayer) layer).op(false).operator().stem().replaceAll("_pool$", "");
            return Optional.of(new QuantizedLayerSite(index, name, pooling, layer, ((PoolingLayer) layer).clone(), ""));
        }
        return PoolingSite.of(index, name, outer).map(site -> {
            if (layer instanceof GlobalPoolingLayer) {
                PoolingType type = ((GlobalPoolingLayer) layer).getPoolingType();
                boolean known = type == PoolingType.AVG || type == PoolingType.MAX;
                return new QuantizedLayerSite(
                        index, name, site.pooling(), layer, null, known ? "" : "has no 8-bit form");
            }
            PoolingLayer same = site.obstacle().isEmpty() ? floatLayer(site) : null;
            String obstacle = site.obstacle().isEmpty() && same == null ? "has no 8-bit form" : site.obstacle();
            return new QuantizedLayerSite(index, name, site.pooling(), layer, same, obstacle);
        });
    }

    /** This library's layer that computes the same; null where there is none with an 8-bit form. */
    private static PoolingLayer floatLayer(PoolingSite site) {
        if (site.layer() instanceof WindowPoolingLayer) {
            PoolingLayer layer = ((WindowPoolingLayer) site.layer()).clone();
            Quantization any = Quantization.of(DataType.UINT8, 1, 0);
            return QuantizedForms.of(layer.op(false), any, any).isPresent() ? layer : null;
        }
        switch (site.pooling()) {
            case "max":
                return layer(new MaxPooling.Builder(), site);
            case "average":
                return layer(new AveragePooling.Builder(), site);
            case "average with padding":
                return layer(new AveragePooling.Builder().countIncludePadding(true), site);
            default:
                return null;
        }
    }

    private static PoolingLayer layer(WindowPoolingLayer.Builder<?> builder, PoolingSite site) {
        return (PoolingLayer) WindowPoolingLayers.create(builder, site.window());
    }

    int index() {
        return index;
    }

    @Override
    void prepare(INDArray input) {
        if (floatLayer == null) {
            floatLayer = global((GlobalPoolingLayer) layer, input.rank() - 2);
        }
    }

    /** DL4J's global pooling learns only from its input how many axes there are. */
    private static PoolingLayer global(GlobalPoolingLayer layer, int dimensions) {
        int[] one = new int[dimensions];
        Arrays.fill(one, 1);
        int[] axes = layer.getPoolingDimensions();
        boolean channelsLast = axes != null && axes.length > 0 && axes[0] == 1;
        return layer.getPoolingType() == PoolingType.MAX
                ? new AdaptiveMaxPooling.Builder(one).channelsLast(channelsLast).build()
                : new AdaptiveAvgPooling.Builder(one).channelsLast(channelsLast).build();
    }

    @Override
    boolean channelsLast() {
        return floatLayer.isChannelsLast();
    }

    @Override
    void replaceIn(EditedNetwork edited) {
        NeuralNetConfiguration configuration = edited.layers().get(index);
        boolean collapsed =
                layer instanceof GlobalPoolingLayer && ((GlobalPoolingLayer) layer).isCollapseDimensions();
        QuantizedPooling quantized = new QuantizedPooling.Builder(floatLayer)
                .quantization(quantization()).collapsed(collapsed).build();
        quantized.setLayerName(layer.getLayerName());
        configuration.clearVariables();
        configuration.setLayer(Wrappers.replaceInnermost(configuration.getLayer(), quantized));
    }
}
