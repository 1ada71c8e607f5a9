// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.PsRoiPool;
import io.github.dl4jpooling.ops.RegionOp;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Position-sensitive RoI pooling: mean of each cell, every cell from channels of its own. Definition and edge
 * cases: {@link PsRoiPool}; inputs: {@link RegionPoolingVertex}.
 *
 * <pre>{@code
 * .addVertex("regions", new PsRoiPoolVertex.Builder(7, 7).spatialScale(1 / 16.0).build(), "features", "boxes")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class PsRoiPoolVertex extends RegionPoolingVertex {

    private PsRoiPool.Variant variant = PsRoiPool.Variant.TORCHVISION;
    private int groupSize;

    @Override
    public RegionOp op() {
        return new PsRoiPool(grid(), variant, groupSize);
    }

    /** Builds a {@link PsRoiPoolVertex}. */
    public static class Builder extends RegionPoolingVertex.Builder<PsRoiPoolVertex, Builder> {

        /**
         * Starts with the defaults.
         *
         * @param rows cells of a region along the height
         * @param columns cells of a region along the width
         */
        public Builder(int rows, int columns) {
            super(new PsRoiPoolVertex(), rows, columns);
        }

        /**
         * @param variant rounding of regions; default TORCHVISION
         * @return this
         */
        public Builder variant(PsRoiPool.Variant variant) {
            vertex().setVariant(Objects.requireNonNull(variant, "variant"));
            return this;
        }

        /**
         * @param groupSize groups of channels along each axis; 0, the default: as many as cells
         * @return this
         */
        public Builder groupSize(int groupSize) {
            vertex().setGroupSize(groupSize);
            return this;
        }
    }
}
