// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import io.github.dl4jpooling.ops.DeformablePsRoiPool;
import io.github.dl4jpooling.ops.RegionOp;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/**
 * Deformable position-sensitive RoI pooling: sampled cells moved by learned offsets, every cell from channels of
 * its own. Inputs: map, offsets and mask as configured, boxes. Definition and edge cases: {@link
 * DeformablePsRoiPool}; inputs: {@link RegionPoolingVertex}.
 *
 * <pre>{@code
 * .addVertex("regions", new DeformablePsRoiPoolVertex.Builder(7, 7).spatialScale(1 / 16.0).build(), "features", "offsets", "boxes")
 * }</pre>
 */
@Getter
@Setter
@NoArgsConstructor
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public class DeformablePsRoiPoolVertex extends RegionPoolingVertex {

    private int groupSize;
    private int partSize;
    private int samplesPerPart = 4;
    private double transStd = 0.1;
    private boolean offset = true;
    private boolean mask;

    @Override
    public RegionOp op() {
        return new DeformablePsRoiPool(grid(), groupSize, partSize, samplesPerPart, transStd, offset, mask);
    }

    /** Builds a {@link DeformablePsRoiPoolVertex}. */
    public static class Builder extends RegionPoolingVertex.Builder<DeformablePsRoiPoolVertex, Builder> {

        /**
         * Starts with the defaults.
         *
         * @param rows cells of a region along the height
         * @param columns cells of a region along the width
         */
        public Builder(int rows, int columns) {
            super(new DeformablePsRoiPoolVertex(), rows, columns);
        }

        /**
         * @param groupSize groups of channels along each axis; 0, the default: as many as cells
         * @return this
         */
        public Builder groupSize(int groupSize) {
            vertex().setGroupSize(groupSize);
            return this;
        }

        /**
         * @param partSize offsets along each axis; 0, the default: as many as cells
         * @return this
         */
        public Builder partSize(int partSize) {
            vertex().setPartSize(partSize);
            return this;
        }

        /**
         * @param samplesPerPart samples of a cell along each axis, 1 to 128; default 4
         * @return this
         */
        public Builder samplesPerPart(int samplesPerPart) {
            vertex().setSamplesPerPart(samplesPerPart);
            return this;
        }

        /**
         * @param transStd how far an offset of 1 moves a cell, as a share of the region's size; default
         * 0.1
         * @return this
         */
        public Builder transStd(double transStd) {
            vertex().setTransStd(transStd);
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
