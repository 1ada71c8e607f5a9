// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.RegionOp;
import io.github.dl4jpooling.ops.RoiAlign;
import java.util.Objects;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * RoIAlign: mean or maximum of samples of each cell of a region. Definition and edge cases: {@link RoiAlign};
 * inputs: {@link RegionPoolingVertex}.
 *
 * <pre>{@code
 * .addVertex("regions", new RoiAlignVertex.Builder(7, 7).spatialScale(1 / 16.0).build(), "features", "boxes")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class RoiAlignVertex extends SampledRegionVertex {

    private RoiAlign.Mode mode = RoiAlign.Mode.AVERAGE;
    private boolean aligned = true;

    @Override
    public RegionOp op() {
        return new RoiAlign(grid(), mode, getSamplingRatio(), aligned);
    }

    /** Builds a {@link RoiAlignVertex}. */
    public static class Builder extends SampledRegionVertex.Builder<RoiAlignVertex, Builder> {

        /**
         * Starts with the defaults.
         *
         * @param rows cells of a region along the height
         * @param columns cells of a region along the width
         */
        public Builder(int rows, int columns) {
            super(new RoiAlignVertex(), rows, columns);
        }

        /**
         * @param mode what is taken of the samples; default AVERAGE
         * @return this
         */
        public Builder mode(RoiAlign.Mode mode) {
            vertex().setMode(Objects.requireNonNull(mode, "mode"));
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
    }
}
