// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.PoolingOp;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.NoArgsConstructor;
import lombok.ToString;

/** Configuration of a pooling layer whose cells are not windows of a given stride, and which learns nothing. */
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class MapPoolingLayer extends PoolingLayer {

    /**
     * Takes the settings of a builder.
     *
     * @param builder the builder
     */
    protected MapPoolingLayer(Builder<?> builder) {
        super(builder);
    }

    /**
     * Makes the operator this layer applies.
     *
     * @param training whether the network is being trained
     * @return the operator with its configuration
     * @throws IllegalArgumentException if a setting is out of range
     */
    protected abstract PoolingOp newOp(boolean training);

    @Override
    public final PoolingOp op(boolean training) {
        try {
            return newOp(training);
        } catch (IllegalArgumentException | NullPointerException e) {
            throw configError(e);
        }
    }

    /** @param setting a setting that may be missing in a damaged file */
    static int length(int[] setting) {
        return setting == null ? 0 : setting.length;
    }
}
