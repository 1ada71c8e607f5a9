// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.zoo.swap;

import io.github.dl4jpooling.layers.conf.vertex.QuantizedRoiAlignVertex;
import io.github.dl4jpooling.layers.conf.vertex.RegionPoolingVertex;
import io.github.dl4jpooling.layers.conf.vertex.RoiAlignVertex;
import java.util.Optional;
import org.deeplearning4j.nn.conf.graph.GraphVertex;

/** A vertex that pools regions. */
final class QuantizedRegionSite extends QuantizedSite {

    private final RegionPoolingVertex vertex;

    private QuantizedRegionSite(String name, RegionPoolingVertex vertex) {
        super(name, vertex.op().operator().stem().replace('_', ' '),
                vertex instanceof RoiAlignVertex ? "" : "has no 8-bit form");
        this.vertex = vertex;
    }

    /** The site of a vertex configuration, or nothing if it does not pool regions, or 8-bit numbers already. */
    static Optional<QuantizedSite> of(String name, GraphVertex vertex) {
        return vertex instanceof RegionPoolingVertex && !(vertex instanceof QuantizedRoiAlignVertex)
                ? Optional.of(new QuantizedRegionSite(name, (RegionPoolingVertex) vertex))
                : Optional.empty();
    }

    @Override
    boolean channelsLast() {
        return vertex.isChannelsLast();
    }

    @Override
    void replaceIn(EditedNetwork edited) {
        ((EditedGraph) edited).replaceVertex(
                name(), new QuantizedRoiAlignVertex((RoiAlignVertex) vertex, quantization(), quantization()));
    }
}
