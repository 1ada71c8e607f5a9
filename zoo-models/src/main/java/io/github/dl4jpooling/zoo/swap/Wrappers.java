// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;

/** Looks into layers that hold another one: frozen layers, MaskZeroLayer, LastTimeStep and the like. */
final class Wrappers {

    private Wrappers() {}

    /** The layer inside all wrappers, or the layer itself. */
    static Layer innermost(Layer layer) {
        Layer inside = inside(layer);
        return inside == null ? layer : innermost(inside);
    }

    /** The same wrappers around another layer. The wrappers given are not modified. */
    static Layer replaceInnermost(Layer layer, Layer replacement) {
        Layer inside = inside(layer);
        if (inside == null) {
            return replacement;
        }
        Layer newInside = replaceInnermost(inside, replacement);
        if (layer instanceof FrozenLayer) {
            FrozenLayer frozen = new FrozenLayer(newInside);
            frozen.setLayerName(layer.getLayerName());
            frozen.setIDropout(layer.getIDropout());
            return frozen;
        }
        BaseWrapperLayer wrapper = (BaseWrapperLayer) layer.clone();
        wrapper.setUnderlying(newInside);
        return wrapper;
    }

    private static Layer inside(Layer layer) {
        if (layer instanceof FrozenLayer) {
            return ((FrozenLayer) layer).getLayer();
        }
        return layer instanceof BaseWrapperLayer ? ((BaseWrapperLayer) layer).getUnderlying() : null;
    }
}
