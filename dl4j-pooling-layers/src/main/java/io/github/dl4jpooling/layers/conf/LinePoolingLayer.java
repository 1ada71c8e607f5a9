// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.LineOp;
import java.util.Objects;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;

/** Configuration of a layer that pools lines of images: a {@link LineOp}. Masks are not supported. */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class LinePoolingLayer extends MapPoolingLayer {

    private LineOp.Type poolingType = LineOp.Type.AVG;

    /**
     * Takes the settings of a builder.
     *
     * @param builder the builder
     */
    protected LinePoolingLayer(Builder<?> builder) {
        super(builder);
        poolingType = builder.poolingType;
    }

    @Override
    protected abstract LineOp newOp(boolean training);

    @Override
    public final int dimensions() {
        return 2;
    }

    @Override
    protected final long[] outputShape(long[] inputShape) {
        return ((LineOp) op(false)).outputShape(inputShape);
    }

    /**
     * Settings of layers that pool lines.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends PoolingLayer.Builder<T> {

        private LineOp.Type poolingType = LineOp.Type.AVG;

        /** Starts with means. */
        protected Builder() {}

        /**
         * @param type what is taken of a line; default its mean
         * @return this
         */
        public T poolingType(LineOp.Type type) {
            poolingType = Objects.requireNonNull(type, "poolingType");
            return self();
        }
    }
}
