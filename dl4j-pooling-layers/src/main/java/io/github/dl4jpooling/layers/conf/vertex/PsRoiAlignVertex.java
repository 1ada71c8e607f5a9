// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.PsRoiAlign;
import io.github.dl4jpooling.ops.RegionOp;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/**
 * Position-sensitive RoIAlign: mean of samples of each cell, every cell from channels of its own. Definition and
 * edge cases: {@link PsRoiAlign}; inputs: {@link RegionPoolingVertex}.
 *
 * <pre>{@code
 * .addVertex("regions", new PsRoiAlignVertex.Builder(7, 7).spatialScale(1 / 16.0).build(), "features", "boxes")
 * }</pre>
 */
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class PsRoiAlignVertex extends SampledRegionVertex {

    @Override
    public RegionOp op() {
        return new PsRoiAlign(grid(), getSamplingRatio());
    }

    /** Builds a {@link PsRoiAlignVertex}. */
    public static class Builder extends SampledRegionVertex.Builder<PsRoiAlignVertex, Builder> {

        /**
         * Starts with the defaults.
         *
         * @param rows cells of a region along the height
         * @param columns cells of a region along the width
         */
        public Builder(int rows, int columns) {
            super(new PsRoiAlignVertex(), rows, columns);
        }
    }
}
