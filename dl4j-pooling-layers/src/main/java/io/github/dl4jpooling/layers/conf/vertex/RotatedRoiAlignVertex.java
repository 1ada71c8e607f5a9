// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.RegionOp;
import io.github.dl4jpooling.ops.RotatedRoiAlign;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Rotated RoIAlign: {@link RoiAlignVertex} of turned regions, with boxes of five numbers. Definition and edge
 * cases: {@link RotatedRoiAlign}; inputs: {@link RegionPoolingVertex}.
 *
 * <pre>{@code
 * .addVertex("regions", new RotatedRoiAlignVertex.Builder(7, 7).spatialScale(1 / 16.0).build(), "features", "boxes")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class RotatedRoiAlignVertex extends SampledRegionVertex {

    private boolean aligned = true;
    private boolean clockwise;

    @Override
    public RegionOp op() {
        return new RotatedRoiAlign(grid(), getSamplingRatio(), aligned, clockwise);
    }

    /** Builds a {@link RotatedRoiAlignVertex}. */
    public static class Builder extends SampledRegionVertex.Builder<RotatedRoiAlignVertex, Builder> {

        /**
         * Starts with the defaults.
         *
         * @param rows cells of a region along the height
         * @param columns cells of a region along the width
         */
        public Builder(int rows, int columns) {
            super(new RotatedRoiAlignVertex(), rows, columns);
        }

        /**
         * @param aligned whether coordinates name positions between elements rather than elements; default
         * true
         * @return this
         */
        public Builder aligned(boolean aligned) {
            vertex().setAligned(aligned);
            return this;
        }

        /**
         * @param clockwise whether angles turn the other way; default false
         * @return this
         */
        public Builder clockwise(boolean clockwise) {
            vertex().setClockwise(clockwise);
            return this;
        }
    }
}
