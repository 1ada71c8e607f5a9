// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.PreciseRoiPool;
import io.github.dl4jpooling.ops.RegionOp;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Precise RoI pooling: the integral mean of each cell of a region. Boxes that a layer computes are trained too.
 * Definition and edge cases: {@link PreciseRoiPool}; inputs: {@link RegionPoolingVertex}.
 *
 * <pre>{@code
 * .addVertex("regions", new PreciseRoiPoolVertex.Builder(7, 7).spatialScale(1 / 16.0).build(), "features", "boxes")
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class PreciseRoiPoolVertex extends RegionPoolingVertex {

    @Override
    public RegionOp op() {
        return new PreciseRoiPool(grid());
    }

    /** Builds a {@link PreciseRoiPoolVertex}. */
    public static class Builder extends RegionPoolingVertex.Builder<PreciseRoiPoolVertex, Builder> {

        /**
         * Starts with the defaults.
         *
         * @param rows cells of a region along the height
         * @param columns cells of a region along the width
         */
        public Builder(int rows, int columns) {
            super(new PreciseRoiPoolVertex(), rows, columns);
        }
    }
}
