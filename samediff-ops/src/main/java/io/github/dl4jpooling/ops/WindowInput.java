// SPDX-License-Identifier: Apache-2.0
package io.github.dl4jpooling.ops;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An input of a {@link WindowOp} besides the array to pool: its name, its shape as a function of the geometry, and how
 * a kernel steps through it.
 */
public final class WindowInput {

    private enum Kind {
        ELEMENTS,
        SITES,
        PARAMETER,
        MASKS,
        STEP_MASK,
        FLAG
    }

    private final String name;
    private final Kind kind;
    private final Sharing sharing;
    private final int masks; // 0: one mask, without an axis for their number
    private final boolean differentiable;
    private final boolean present;

    private WindowInput(String name, Kind kind, Sharing sharing, int masks, boolean differentiable, boolean present) {
        this.name = Objects.requireNonNull(name, "name");
        this.kind = kind;
        this.sharing = Objects.requireNonNull(sharing, "sharing");
        this.masks = masks;
        this.differentiable = differentiable;
        this.present = present;
    }

    /**
     * An array of the shape of the array to pool, one value an element.
     *
     * @param name its name
     * @return the input
     */
    public static WindowInput elements(String name) {
        return new WindowInput(name, Kind.ELEMENTS, Sharing.ELEMENT, 0, true, true);
    }

    /**
     * One value a place of the array to pool, which all channels share: its shape is that array's with one channel.
     *
     * @param name its name
     * @return the input, without a gradient
     */
    public static WindowInput sites(String name) {
        return new WindowInput(name, Kind.SITES, Sharing.ELEMENT, 0, false, true);
    }

    /**
     * A parameter: one value a window, shared as said.
     *
     * @param name its name
     * @param sharing which windows share a value
     * @return the input
     */
    public static WindowInput parameter(String name, Sharing sharing) {
        return new WindowInput(name, Kind.PARAMETER, sharing, 0, true, true);
    }

    /**
     * A mask: one value for each place in the window. Shape: the kernel size, with the channels in front where they do
     * not share it.
     *
     * @param name its name
     * @param sharing {@link Sharing#LAYER} or {@link Sharing#CHANNEL}
     * @return the input
     */
    public static WindowInput mask(String name, Sharing sharing) {
        return masks(name, sharing, 0);
    }

    /**
     * Several masks, numbered by the first axis; see {@link #mask}.
     *
     * @param name their name
     * @param sharing {@link Sharing#LAYER} or {@link Sharing#CHANNEL}
     * @param count how many
     * @return the input
     */
    public static WindowInput masks(String name, Sharing sharing, int count) {
        return new WindowInput(name, Kind.MASKS, sharing, count, true, true);
    }

    /**
     * A truth value, a BOOL scalar, which the kernels do not see; the last of the inputs.
     *
     * @param name its name
     * @return the input
     */
    public static WindowInput flag(String name) {
        return new WindowInput(name, Kind.FLAG, Sharing.LAYER, 0, false, true);
    }

    /**
     * The mask of a sequence: one value for each step of each example, 0 where it is not an element.
     *
     * @param name its name
     * @return the input
     */
    static WindowInput stepMask(String name) {
        return new WindowInput(name, Kind.STEP_MASK, Sharing.ELEMENT, 0, false, true);
    }

    /** @return the same input without a gradient */
    public WindowInput notDifferentiable() {
        return new WindowInput(name, kind, sharing, masks, false, present);
    }

    /** @return the same input left out: the kernel sees none and takes its default */
    public WindowInput absent() {
        return new WindowInput(name, kind, sharing, masks, false, false);
    }

    /** @return name, for messages and layers */
    public String name() {
        return name;
    }

    /** @return whether it has a gradient */
    public boolean isDifferentiable() {
        return differentiable;
    }

    /** @return whether it is among the inputs at all */
    public boolean isPresent() {
        return present;
    }

    /** @return whether it has the shape of the array to pool, but for channels where it is {@link #isSites} */
    public boolean isElements() {
        return kind == Kind.ELEMENTS || isSites();
    }

    /** @return whether it has one channel, which those of the array to pool share */
    public boolean isSites() {
        return kind == Kind.SITES;
    }

    /** @return whether it has the axes of the map, and so the channels last where the window says so */
    public boolean isMap() {
        return isElements()
                || kind == Kind.PARAMETER && (sharing == Sharing.ELEMENT || sharing == Sharing.CHANNEL_REGION);
    }

    /** @return whether it is a mask, or several */
    public boolean isMask() {
        return kind == Kind.MASKS;
    }

    /** @return whether it is a truth value */
    public boolean isFlag() {
        return kind == Kind.FLAG;
    }

    /** Whether windows share its values, so that the kernel has to know how. */
    boolean isShared() {
        return kind == Kind.PARAMETER || kind == Kind.MASKS;
    }

    /** @return number of masks along the first axis; 0 for one mask without such an axis */
    public int masks() {
        return masks;
    }

    /** @return which windows share a value */
    public Sharing sharing() {
        return sharing;
    }

    /** @return whether it does not depend on the examples, as weights of a layer must not */
    public boolean isWeight() {
        return !sharing.perExample();
    }

    /**
     * Shape of the array.
     *
     * @param op an op that has this input
     * @param inputShape shape of the array to pool
     * @return the shape
     * @throws IllegalArgumentException if the window does not fit
     */
    public long[] shape(WindowOp op, long... inputShape) {
        return shape(op.geometry(inputShape));
    }

    /**
     * Shape of the array.
     *
     * @param geometry where the windows lie
     * @return the shape
     */
    public long[] shape(WindowGeometry geometry) {
        switch (kind) {
            case ELEMENTS:
                return geometry.inputShape();
            case SITES:
                return geometry.inputShape(1);
            case PARAMETER:
                return geometry.parameterShape(sharing);
            case FLAG:
                return new long[0];
            case STEP_MASK:
                return new long[] {geometry.inputShape()[0], geometry.inputSize(0)};
            default:
                List<Long> shape = new ArrayList<>();
                if (masks > 0) {
                    shape.add((long) masks);
                }
                if (sharing == Sharing.CHANNEL) {
                    shape.add(geometry.channels());
                }
                for (int size : geometry.window().kernel()) {
                    shape.add((long) size);
                }
                return shape.stream().mapToLong(Long::longValue).toArray();
        }
    }

    /** The arrays that the kernel sees: masks one by one, null for an absent input. */
    List<INDArray> arrays(INDArray array) {
        if (isFlag()) {
            return Collections.emptyList();
        }
        if (masks == 0 || array == null) {
            return Collections.nCopies(Math.max(1, masks), array);
        }
        List<INDArray> slices = new ArrayList<>();
        for (int i = 0; i < masks; i++) {
            slices.add(part(array, i));
        }
        return slices;
    }

    /** A view; ND4J's own slice fails where the first axis has size 1. */
    private static INDArray part(INDArray array, int i) {
        long[] shape = Arrays.copyOfRange(array.shape(), 1, array.rank());
        long[] stride = Arrays.copyOfRange(array.stride(), 1, array.rank());
        return Nd4j.create(array.data(), shape, stride, array.offset() + i * ArrayMemory.stride(array, 0),
                array.ordering());
    }

    /** Number of arrays that the kernel sees. */
    int arrayCount() {
        return isFlag() ? 0 : Math.max(1, masks);
    }

    /** Axes along which values differ, one bit each: batch, channel, then depth, height, width. */
    long keptAxes() {
        return (sharing.perExample() ? 1 : 0) + (sharing.perChannel() ? 2 : 0) + (sharing.perPlace() ? 28 : 0);
    }

    /** Writes the native struct TensorStrides of one of the arrays. */
    int writeStridesTo(long[] parameters, int next, WindowGeometry geometry, INDArray array) {
        if (array == null) {
            return next + WindowGeometry.STRIDE_WORDS;
        }
        switch (kind) {
            case ELEMENTS:
                return geometry.writeStridesTo(parameters, next, array.stride());
            case SITES:
                return geometry.writeSharedStridesTo(parameters, next, array.stride());
            case PARAMETER:
                return geometry.writeParameterStridesTo(parameters, next, sharing, array.stride());
            case STEP_MASK:
                parameters[next] = ArrayMemory.stride(array, 0);
                parameters[next + WindowGeometry.STRIDE_WORDS - 1] = ArrayMemory.stride(array, 1);
                return next + WindowGeometry.STRIDE_WORDS;
            default:
                return geometry.writeMaskStridesTo(parameters, next, sharing, array.stride());
        }
    }
}
