// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.layers.conf;

import io.github.dl4jpooling.ops.CombinedOp;
import io.github.dl4jpooling.ops.PoolingOp;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import lombok.AccessLevel;
import lombok.EqualsAndHashCode;
import lombok.Getter;
import lombok.NoArgsConstructor;
import lombok.Setter;
import lombok.ToString;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;

/**
 * Configuration of a layer that applies several poolings at once, its parts: a {@link CombinedOp}. Each part is a
 * pooling layer of this library without parameters. Of a part its pooling and window count; name, dropout and order of
 * axes are those of this layer.
 */
@Getter
@Setter
@NoArgsConstructor(access = AccessLevel.PROTECTED)
@ToString(callSuper = true)
@EqualsAndHashCode(callSuper = true)
public abstract class CombinedPoolingLayer extends PoolingLayer {

    private static final int SOME_LENGTH = 1 << 16; // stands in for one that is not known

    private List<PoolingLayer> parts;

    /**
     * Takes the settings of a builder.
     *
     * @param builder the builder
     * @param otherwise the parts where the builder has none
     */
    protected CombinedPoolingLayer(Builder<?> builder, PoolingLayer... otherwise) {
        super(builder);
        parts = clones(builder.parts.isEmpty() ? List.of(otherwise) : builder.parts);
    }

    private static List<PoolingLayer> clones(List<PoolingLayer> layers) {
        List<PoolingLayer> clones = new ArrayList<>();
        layers.forEach(layer -> clones.add(layer.clone()));
        return clones;
    }

    /**
     * Makes the operator this layer applies.
     *
     * @param poolings the ops of the parts
     * @return the operator with its configuration
     * @throws IllegalArgumentException if a setting is out of range
     */
    protected abstract CombinedOp newOp(List<PoolingOp> poolings);

    /** The ops of the parts. */
    final List<PoolingOp> poolings(boolean training) {
        if (parts == null || parts.isEmpty()) {
            throw configError("has no poolings to combine", null);
        }
        List<PoolingOp> poolings = new ArrayList<>();
        for (PoolingLayer part : clones(parts)) {
            if (part.dimensions() != dimensions()) {
                throw configError("all poolings must have " + dimensions() + " dimensions, as the first one has, got "
                        + part, null);
            }
            part.setChannelsLast(isChannelsLast());
            poolings.add(part.op(training));
        }
        return poolings;
    }

    @Override
    public final CombinedOp op(boolean training) {
        try {
            return newOp(poolings(training));
        } catch (IllegalArgumentException | NullPointerException e) {
            throw configError(e);
        }
    }

    @Override
    protected void check() {
        op(false);
        op(true); // some draw in training only
    }

    @Override
    public final int dimensions() {
        return parts == null || parts.isEmpty() ? 2 : parts.get(0).dimensions();
    }

    @Override
    protected final long[] outputShape(long[] inputShape) {
        return op(false).outputShape(inputShape);
    }

    /** A shape with some number for a length that is not known: numbers of channels do not depend on it. */
    final long[] withLength(long[] shape) {
        long[] result = shape.clone();
        int axis = isChannelsLast() ? 1 : 2;
        result[axis] = result[axis] == 0 ? SOME_LENGTH : result[axis];
        return result;
    }

    @Override
    protected final InputType typeOfUnknownLength(InputType.InputTypeRecurrent inputType) {
        long size = inputType.getSize();
        long[] shape = outputShape(withLength(
                isChannelsLast() ? new long[] {1, 0, size} : new long[] {1, size, 0}));
        return InputType.recurrent(shape[isChannelsLast() ? 2 : 1],
                isChannelsLast() ? RNNFormat.NWC : RNNFormat.NCW);
    }

    @Override
    public CombinedPoolingLayer clone() {
        CombinedPoolingLayer clone = (CombinedPoolingLayer) super.clone();
        clone.parts = parts == null ? null : clones(parts);
        return clone;
    }

    /**
     * Settings that these layers share.
     *
     * @param <T> the builder's own type
     */
    public abstract static class Builder<T extends Builder<T>> extends PoolingLayer.Builder<T> {

        private final List<PoolingLayer> parts = new ArrayList<>();

        /** Adds a part. */
        final T add(PoolingLayer part) {
            parts.add(Objects.requireNonNull(part, "pooling").clone());
            return self();
        }
    }
}
