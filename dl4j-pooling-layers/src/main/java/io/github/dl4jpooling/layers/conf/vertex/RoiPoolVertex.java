// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.RegionOp;
import io.github.dl4jpooling.ops.RoiPool;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * RoI pooling: the largest element of each cell of a region. Definition and edge cases: {@link RoiPool}; inputs:
 * {@link RegionPoolingVertex}.
 *
 * <pre>{@code
 * .addVertex("regions", new RoiPoolVertex.Builder(7, 7).spatialScale(1 / 16.0).build(), "features", "boxes")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class RoiPoolVertex extends RegionPoolingVertex {

    private RoiPool.Variant variant = RoiPool.Variant.TORCHVISION;

    @Override
    public RegionOp op() {
        return new RoiPool(grid(), variant);
    }

    /** Builds a {@link RoiPoolVertex}. */
    public static class Builder extends RegionPoolingVertex.Builder<RoiPoolVertex, Builder> {

        /**
         * Starts with the defaults.
         *
         * @param rows cells of a region along the height
         * @param columns cells of a region along the width
         */
        public Builder(int rows, int columns) {
            super(new RoiPoolVertex(), rows, columns);
        }

        /**
         * @param variant rounding of regions; default TORCHVISION
         * @return this
         */
        public Builder variant(RoiPool.Variant variant) {
            vertex().setVariant(Objects.requireNonNull(variant, "variant"));
            return this;
        }
    }
}
