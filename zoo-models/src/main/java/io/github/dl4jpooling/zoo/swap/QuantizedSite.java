// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.AdaptiveAvgPooling;
import io.github.dl4jpooling.layers.conf.AdaptiveMaxPooling;
import io.github.dl4jpooling.layers.conf.AdaptivePoolingLayer;
import io.github.dl4jpooling.layers.conf.AveragePooling;
import io.github.dl4jpooling.layers.conf.MaxPooling;
import io.github.dl4jpooling.layers.conf.PoolingLayer;
import io.github.dl4jpooling.layers.conf.WindowPoolingLayer;
import io.github.dl4jpooling.layers.quantization.RangeObserver;
import io.github.dl4jpooling.ops.Quantization;
import io.github.dl4jpooling.ops.QuantizedForms;
import java.util.Arrays;
import java.util.Optional;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A pooling layer of a network on its way to 8 bits: what it is, and what was seen of its input. */
final class QuantizedSite {

    private final int index;
    private final String name;
    private final String pooling;
    private final Layer layer;
    private final String obstacle;
    private PoolingLayer floatLayer;
    private INDArray state;
    private Quantization quantization;

    private QuantizedSite(int index, String name, String pooling, Layer layer, PoolingLayer floatLayer,
            String obstacle) {
        this.index = index;
        this.name = name;
        this.pooling = pooling;
        this.layer = layer;
        this.floatLayer = floatLayer;
        this.obstacle = obstacle;
    }

    /** The site of a layer configuration, or nothing if it does not pool. */
    static Optional<QuantizedSite> of(int index, String name, Layer outer) {
        Layer layer = Wrappers.innermost(outer);
        if (layer instanceof AdaptivePoolingLayer) {
            String pooling = ((PoolingLayer) layer).op(false).operator().stem().replaceAll("_pool$", "");
            return Optional.of(new QuantizedSite(index, name, pooling, layer, ((PoolingLayer) layer).clone(), ""));
        }
        return PoolingSite.of(index, name, outer).map(site -> {
            if (layer instanceof GlobalPoolingLayer) {
                PoolingType type = ((GlobalPoolingLayer) layer).getPoolingType();
                boolean known = type == PoolingType.AVG || type == PoolingType.MAX;
                return new QuantizedSite(index, name, site.pooling(), layer, null, known ? "" : "has no 8-bit form");
            }
            PoolingLayer same = site.obstacle().isEmpty() ? floatLayer(site) : null;
            String obstacle = site.obstacle().isEmpty() && same == null ? "has no 8-bit form" : site.obstacle();
            return new QuantizedSite(index, name, site.pooling(), layer, same, obstacle);
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

    String name() {
        return name;
    }

    String pooling() {
        return pooling;
    }

    /** Configuration of the float layer of the network. */
    Layer layer() {
        return layer;
    }

    /** Why it stays as it is; empty where it becomes 8-bit. */
    String obstacle() {
        return obstacle;
    }

    /** Takes in a batch of what reaches the layer. */
    void observe(RangeObserver observer, boolean perChannel, INDArray input) {
        if (floatLayer == null) {
            floatLayer = global((GlobalPoolingLayer) layer, input.rank() - 2);
        }
        int channelAxis = floatLayer.isChannelsLast() ? input.rank() - 1 : 1;
        if (state == null) {
            state = observer.newState(perChannel ? input.size(channelAxis) : 1);
        }
        observer.observe(state, input, channelAxis);
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

    /** Fixes the quantization after the last batch: the one that was learnt in training, if there is one. */
    void calibrate(RangeObserver observer, DataType type, Quantization learnt) {
        quantization = learnt == null ? observer.quantization(state, type) : learnt;
    }

    PoolingLayer floatLayer() {
        return floatLayer;
    }

    Quantization quantization() {
        return quantization;
    }
}
