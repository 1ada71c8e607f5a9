// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf.vertex;

import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/** A vertex of an operator that samples its cells, see {@link io.github.dl4jpooling.ops.SampledRegionOp}. */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class SampledRegionVertex extends RegionPoolingVertex {

    private int samplingRatio;

    /**
     * Settings of every vertex that samples.
     *
     * @param <V> the vertex
     * @param <T> the builder's own type
     */
    public abstract static class Builder<V extends SampledRegionVertex, T extends Builder<V, T>>
            extends RegionPoolingVertex.Builder<V, T> {

        /**
         * Starts with the defaults.
         *
         * @param vertex a new vertex
         * @param rows cells of a region along the height
         * @param columns cells of a region along the width
         */
        protected Builder(V vertex, int rows, int columns) {
            super(vertex, rows, columns);
        }

        /**
         * @param samplingRatio samples of a cell along each axis, up to 128; 0, the default: about one an element
         * @return this
         */
        public T samplingRatio(int samplingRatio) {
            vertex().setSamplingRatio(samplingRatio);
            return self();
        }
    }
}
