// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.MultiLevelRoiAlign;
import io.github.dl4jpooling.ops.RegionOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Multi-level RoIAlign: each region from the map of a pyramid that suits its size. Inputs: the maps, finest first,
 * whose scale is the spatial scale; boxes. Definition and edge cases: {@link MultiLevelRoiAlign}; inputs: {@link
 * RegionPoolingVertex}.
 *
 * <pre>{@code
 * .addVertex("regions", new MultiLevelRoiAlignVertex.Builder(7, 7).levels(2).spatialScale(0.25).build(), "p2", "p3", "boxes")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class MultiLevelRoiAlignVertex extends SampledRegionVertex {

    private int levels = 1;
    private boolean aligned = true;
    private int canonicalLevel = 4;
    private double canonicalSize = 224;

    @Override
    public RegionOp op() {
        return new MultiLevelRoiAlign(grid(), levels, getSamplingRatio(), aligned, canonicalLevel, canonicalSize);
    }

    @Override
    public int mapInputs() {
        return levels;
    }

    /** Builds a {@link MultiLevelRoiAlignVertex}. */
    public static class Builder extends SampledRegionVertex.Builder<MultiLevelRoiAlignVertex, Builder> {

        /**
         * Starts with the defaults.
         *
         * @param rows cells of a region along the height
         * @param columns cells of a region along the width
         */
        public Builder(int rows, int columns) {
            super(new MultiLevelRoiAlignVertex(), rows, columns);
        }

        /**
         * @param levels number of maps, 1 to 16; default 1
         * @return this
         */
        public Builder levels(int levels) {
            vertex().setLevels(levels);
            return this;
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
         * @param canonicalLevel level of boxes of the canonical size; default 4
         * @return this
         */
        public Builder canonicalLevel(int canonicalLevel) {
            vertex().setCanonicalLevel(canonicalLevel);
            return this;
        }

        /**
         * @param canonicalSize square root of the area of boxes of the canonical level; default 224
         * @return this
         */
        public Builder canonicalSize(double canonicalSize) {
            vertex().setCanonicalSize(canonicalSize);
            return this;
        }
    }
}
