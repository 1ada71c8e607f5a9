// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.DeformableRoiPool;
import io.github.dl4jpooling.ops.RegionOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Deformable RoI pooling: RoIAlign with cells moved by learned offsets. Inputs: map, offsets and mask as
 * configured, boxes. Definition and edge cases: {@link DeformableRoiPool}; inputs: {@link RegionPoolingVertex}.
 *
 * <pre>{@code
 * .addVertex("regions", new DeformableRoiPoolVertex.Builder(7, 7).spatialScale(1 / 16.0).build(), "features", "offsets", "boxes")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class DeformableRoiPoolVertex extends SampledRegionVertex {

    private double gamma = 0.1;
    private boolean offset = true;
    private boolean mask;

    @Override
    public RegionOp op() {
        return new DeformableRoiPool(grid(), getSamplingRatio(), gamma, offset, mask);
    }

    /** Builds a {@link DeformableRoiPoolVertex}. */
    public static class Builder extends SampledRegionVertex.Builder<DeformableRoiPoolVertex, Builder> {

        /**
         * Starts with the defaults.
         *
         * @param rows cells of a region along the height
         * @param columns cells of a region along the width
         */
        public Builder(int rows, int columns) {
            super(new DeformableRoiPoolVertex(), rows, columns);
        }

        /**
         * @param gamma how far an offset of 1 moves a cell, as a share of the region's size; default 0.1
         * @return this
         */
        public Builder gamma(double gamma) {
            vertex().setGamma(gamma);
            return this;
        }

        /**
         * @param offset whether there is an input with offsets; default true
         * @return this
         */
        public Builder offset(boolean offset) {
            vertex().setOffset(offset);
            return this;
        }

        /**
         * @param mask whether there is an input with a mask; default false
         * @return this
         */
        public Builder mask(boolean mask) {
            vertex().setMask(mask);
            return this;
        }
    }
}
